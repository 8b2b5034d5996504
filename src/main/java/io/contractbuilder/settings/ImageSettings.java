package io.contractbuilder.settings;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.Violation;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where images come from and go to.
 *
 * @param registry the private registry's host with port; null: a layout in the state folder
 * @param user for the private registry; null: anonymous
 * @param secretFile JSON with {@code registry-password}
 * @param plainHttp hosts with ports that are spoken to without TLS
 * @param allowedAddresses hosts, addresses and networks that an event's image may be on though they
 *     are internal
 * @param certificates a folder with {@code <host>/ca.crt}
 * @param sizeLimit bytes of the compressed layers of one platform
 */
public record ImageSettings(
    @Nullable String registry,
    @Nullable String user,
    @Nullable Path secretFile,
    Set<String> plainHttp,
    Set<String> allowedAddresses,
    @Nullable Path certificates,
    long sizeLimit) {

  /**
   * The private registry's password, read anew each time; null if none is configured.
   *
   * @throws InvalidInput if the file cannot be read
   */
  public @Nullable Secret password() {
    if (secretFile == null) {
      return null;
    }
    try {
      JsonNode password = Json.read(Files.readAllBytes(secretFile)).path("registry-password");
      return password.isTextual() ? new Secret(password.textValue()) : null;
    } catch (IOException e) {
      throw new InvalidInput(
          "settings",
          List.of(
              new Violation(
                  Setting.SECRET_LOCATION.variable(),
                  "the file " + secretFile + " (" + e.getClass().getSimpleName() + ")",
                  Setting.SECRET_LOCATION.allowed())));
    }
  }
}
