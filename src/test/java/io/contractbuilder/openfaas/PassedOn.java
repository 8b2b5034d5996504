package io.contractbuilder.openfaas;

import io.contractbuilder.openfaas.FaultyGateway.Answer;
import io.contractbuilder.openfaas.FaultyGateway.Request;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Another gateway that is asked the same. */
final class PassedOn implements FaultyGateway.Provider {
  private final URI gateway;

  PassedOn(URI gateway) {
    this.gateway = gateway;
  }

  @Override
  public Answer answer(Request request) throws IOException {
    var connection =
        (HttpURLConnection)
            URI.create(gateway + request.target().toString()).toURL().openConnection();
    connection.setRequestMethod(request.method());
    if (request.authorization() != null) {
      connection.setRequestProperty("Authorization", request.authorization());
    }
    if (!request.body().isEmpty()) {
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setDoOutput(true);
      try (var out = connection.getOutputStream()) {
        out.write(request.body().getBytes(StandardCharsets.UTF_8));
      }
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String type = connection.getContentType();
      return new Answer(status, type == null ? "" : type, body);
    }
  }
}
