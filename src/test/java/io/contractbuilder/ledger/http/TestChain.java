package io.contractbuilder.ledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A chain's API on loopback: checks each signature, and finds a transaction when it is in a block.
 */
final class TestChain implements AutoCloseable {
  static final String ID = "zPublicId";
  static final String TYPE = "contracts";
  static final String KEY_ID = "KEY_1";
  static final String KEY = "the-secret-key";

  /** What happens to one POST. */
  enum Fate {
    TAKEN,
    TAKEN_THEN_CUT,
    TAKEN_THEN_500,
    LOST_THEN_CUT,
    LOST_THEN_500,
    REFUSED
  }

  private final HttpServer server;
  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<JsonNode> pending = new ArrayList<>();
  final List<JsonNode> blocks = new ArrayList<>();
  final Deque<Fate> fates = new ArrayDeque<>();

  TestChain() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What was taken is in a block from now on. */
  synchronized void makeBlock() {
    blocks.addAll(pending);
    pending.clear();
  }

  synchronized List<JsonNode> all() {
    var all = new ArrayList<>(blocks);
    all.addAll(pending);
    return all;
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getRawPath();
      requests.add(exchange.getRequestMethod() + " " + path);
      if (!isSigned(exchange, body)) {
        answer(exchange, 401, "{\"error\":{\"type\":\"AUTHORIZATION_ERROR\"}}");
      } else if (path.equals("/v1/status")) {
        answer(exchange, 200, "{\"version\":\"4.5.1\",\"level\":1}");
      } else if (exchange.getRequestMethod().equals("GET")) {
        find(exchange);
      } else {
        take(exchange, Json.read(body));
      }
    }
  }

  private void find(HttpExchange exchange) throws IOException {
    String query = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), UTF_8);
    var results = Json.array();
    for (JsonNode transaction : blocks) {
      String task = transaction.path("tag").asText().split(" ", 2)[1];
      if (query.contains("transaction_type=" + TYPE + "&q=@tag:\"" + task + "\"")) {
        results.add(Json.object().put("payload", Json.text(transaction.path("payload"))));
      }
    }
    var answer = Json.object().put("total", results.size());
    answer.set("results", results);
    answer(exchange, 200, Json.text(answer));
  }

  private void take(HttpExchange exchange, JsonNode transaction) throws IOException {
    Fate fate = fates.isEmpty() ? Fate.TAKEN : fates.poll();
    switch (fate) {
      case TAKEN, TAKEN_THEN_CUT, TAKEN_THEN_500 -> pending.add(transaction);
      case LOST_THEN_CUT, LOST_THEN_500, REFUSED -> {}
    }
    switch (fate) {
      case TAKEN -> answer(exchange, 201, "{\"transaction_id\":\"1\"}");
      case TAKEN_THEN_500, LOST_THEN_500 -> answer(exchange, 500, "{}");
      case REFUSED ->
          answer(
              exchange, 403, "{\"error\":{\"details\":\"The structs cannot start with a dash\"}}");
      case TAKEN_THEN_CUT, LOST_THEN_CUT -> {
        // An answer of fewer bytes than it said: the connection is cut in it.
        exchange.sendResponseHeaders(201, 1000);
      }
    }
  }

  /** Chain formats, §7. */
  private static boolean isSigned(HttpExchange exchange, byte[] body) {
    try {
      var headers = exchange.getRequestHeaders();
      String type = headers.getFirst("Content-Type");
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY.getBytes(UTF_8), "HmacSHA256"));
      String message =
          exchange.getRequestMethod()
              + "\n"
              + exchange.getRequestURI()
              + "\n"
              + ID
              + "\n"
              + headers.getFirst("timestamp")
              + "\n"
              + (type == null ? "" : type)
              + "\n"
              + Base64.getEncoder()
                  .encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
      String signature = Base64.getEncoder().encodeToString(mac.doFinal(message.getBytes(UTF_8)));
      return ID.equals(headers.getFirst("dragonchain"))
          && ("DC1-HMAC-SHA256 " + KEY_ID + ":" + signature)
              .equals(headers.getFirst("Authorization"));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
