package io.contractbuilder.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Asks a gateway as anybody would. */
public final class PlatformClient implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI gateway;
  private final String login;

  public PlatformClient(URI gateway, String user, String password) {
    this.gateway = gateway;
    this.login =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  public static PlatformClient of(LocalPlatform platform) {
    return new PlatformClient(platform.gateway(), platform.user(), platform.password().reveal());
  }

  public HttpResponse<String> send(String method, String path, @Nullable String body) {
    return send(method, path, body, login);
  }

  public HttpResponse<String> send(
      String method, String path, @Nullable String body, @Nullable String authorization) {
    HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(path));
    request.method(
        method,
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
