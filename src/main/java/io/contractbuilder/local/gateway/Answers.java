package io.contractbuilder.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.contractbuilder.local.functions.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Answers in the forms that OpenFaaS gives them. */
final class Answers {
  private static final int MOST_REQUEST = 4 << 20;

  private Answers() {}

  static void empty(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  static void bytes(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  static void json(HttpExchange exchange, byte[] body) throws IOException {
    bytes(exchange, 200, "application/json", body);
  }

  /** As Go's {@code http.Error}: the text and a newline. */
  static void error(HttpExchange exchange, int status, String text) throws IOException {
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    plain(exchange, status, text + "\n");
  }

  static void plain(HttpExchange exchange, int status, String text) throws IOException {
    bytes(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** The whole body of a request to the system's API, at most 4 MiB. */
  static byte[] request(HttpExchange exchange) throws IOException, Refused {
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(MOST_REQUEST + 1);
    if (body.length > MOST_REQUEST) {
      throw new Refused(413, "request body is longer than " + MOST_REQUEST + " bytes");
    }
    return body;
  }
}
