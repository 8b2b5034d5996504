package io.contractbuilder.settings;

import io.contractbuilder.contract.Secret;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where images come from and go to.
 *
 * @param registry host with port, in lower case, of the private registry; null: the layout {@code
 *     <state>/images}
 * @param user the private registry's user; null: anonymous
 * @param secretFile JSON with the key {@code registry-password}
 * @param plainHttp hosts with port, in lower case, that are spoken to without TLS
 * @param allowedAddresses hosts, IP addresses and networks that are not public, but allowed
 * @param certificates a folder with a folder {@code <host[:port]>} per registry
 * @param sizeLimit of an image's layers, in bytes
 * @param proxies that registries are reached through
 */
public record ImageSettings(
    @Nullable String registry,
    @Nullable String user,
    @Nullable Path secretFile,
    Set<String> plainHttp,
    Set<String> allowedAddresses,
    @Nullable Path certificates,
    long sizeLimit,
    ProxySettings proxies) {

  private static final String PASSWORD = "registry-password";

  /**
   * The private registry's password, read anew.
   *
   * @return null if there is no user
   * @throws SettingsException if the file or the password in it is not there or cannot be read
   */
  public @Nullable Secret password() {
    return user == null || secretFile == null ? null : SecretFile.value(secretFile, PASSWORD);
  }
}
