package io.contractbuilder.app;

import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.openfaas.GatewayException;
import io.contractbuilder.openfaas.HttpFunctionGateway;
import io.contractbuilder.settings.GatewayCredentials;
import io.contractbuilder.settings.GatewaySettings;
import io.contractbuilder.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The gateway that the settings name, or else the local platform's. */
record Gateway(HttpFunctionGateway http) implements AutoCloseable {

  static Gateway of(Settings settings) {
    GatewaySettings gateway = settings.gateway();
    if (gateway.url() != null) {
      return of(gateway.url(), gateway);
    }
    Path platform = settings.state().resolve("platform");
    URI url = localUrl(platform);
    return of(
        url, new GatewaySettings(url, platform.resolve("user"), platform.resolve("password")));
  }

  private static Gateway of(URI url, GatewaySettings settings) {
    GatewayCredentials credentials = settings.credentials();
    return new Gateway(
        credentials == null
            ? new HttpFunctionGateway(url, null, null)
            : new HttpFunctionGateway(url, credentials.user(), credentials.password()));
  }

  private static URI localUrl(Path platform) {
    try {
      byte[] text = Files.readAllBytes(platform.resolve("gateway.json"));
      return URI.create(Json.read(text).path("url").asText());
    } catch (IOException | IllegalArgumentException e) {
      throw new GatewayException(
          "(none)",
          "finding the gateway",
          0,
          "FAAS_GATEWAY is not set, and no local platform runs on this state folder",
          "Start one with `contract-builder platform`, or set FAAS_GATEWAY to an OpenFaaS gateway",
          true,
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
