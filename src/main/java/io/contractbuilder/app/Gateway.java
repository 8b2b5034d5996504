package io.contractbuilder.app;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.openfaas.GatewayException;
import io.contractbuilder.openfaas.HttpFunctionGateway;
import io.contractbuilder.settings.GatewaySettings;
import io.contractbuilder.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The gateway that the settings name, or else the local platform's. */
record Gateway(HttpFunctionGateway http) implements AutoCloseable {

  static Gateway of(Settings settings) {
    GatewaySettings gateway = settings.gateway();
    Path platform = settings.state().resolve("platform");
    URI url = gateway.url();
    if (url != null) {
      return of(url, text(gateway.userFile()), text(gateway.passwordFile()));
    }
    return of(
        localUrl(platform), text(platform.resolve("user")), text(platform.resolve("password")));
  }

  private static Gateway of(URI url, @Nullable String user, @Nullable String password) {
    return new Gateway(
        new HttpFunctionGateway(
            url, password == null ? null : user, password == null ? null : new Secret(password)));
  }

  private static URI localUrl(Path platform) {
    try {
      byte[] text = Files.readAllBytes(platform.resolve("gateway.json"));
      return URI.create(Json.read(text).path("url").asText());
    } catch (IOException | IllegalArgumentException e) {
      throw notRunning(e);
    }
  }

  private static GatewayException notRunning(Exception cause) {
    return new GatewayException(
        "(none)",
        "finding the gateway",
        0,
        "FAAS_GATEWAY is not set, and no local platform runs on this state folder",
        "Start one with `contract-builder platform`, or set FAAS_GATEWAY to an OpenFaaS gateway",
        true,
        cause);
  }

  /** A file's text without the newline at its end; null if there is no file. */
  private static @Nullable String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new GatewayException(
          "(credentials)",
          "reading " + file,
          0,
          e.getClass().getSimpleName(),
          "Make the file readable for this user",
          false,
          e);
    }
  }

  FunctionGateway client() {
    return http;
  }

  @Override
  public void close() {
    http.close();
  }
}
