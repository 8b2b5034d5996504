package io.contractbuilder.ledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A level-1 chain's transaction calls, strict in what it takes. */
final class PlayedChain implements AutoCloseable {
  static final String ID = "23NFa2kMzDvRZyxmzTwkVyTTDjFQ1bFNhVSrqCQZGjUUy";
  static final String KEY_ID = "JSDMWFUJDVTC";
  static final String KEY = "n3hlldsFxFdP2De0yMu6A4MFRh1HGzFvn6rJ0ICZzkE";

  private static final Pattern QUERY = Pattern.compile("[?&]q=([^&]*)");
  private static final String TAG = "^@tag:\"(.*)\"$";

  /** What becomes of a transaction that is sent. */
  enum Fate {
    TAKEN,
    TAKEN_BUT_NO_ANSWER,
    TAKEN_BUT_500,
    LOST_WITHOUT_ANSWER,
    REFUSED,
    TYPE_UNKNOWN,
    BUSY
  }

  final Deque<Fate> fates = new ArrayDeque<>();
  final List<JsonNode> taken = new ArrayList<>();
  final List<String> asked = new ArrayList<>();

  /** What it says to a look-up instead of the truth. */
  @Nullable String saysInstead;

  /** Look-ups are not answered before this is through. */
  CountDownLatch silence = new CountDownLatch(0);

  /** How many look-ups miss a transaction that was taken: it is in no block yet. */
  int misses;

  private final HttpServer server;

  PlayedChain() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String target = exchange.getRequestURI().toString();
      asked.add(exchange.getRequestMethod() + " " + target);
      if (!signed(exchange, target, body)) {
        send(exchange, 401, "{\"error\":{\"type\":\"AUTHENTICATION_ERROR\"}}");
      } else if (target.equals("/v1/status")) {
        send(exchange, 200, "{\"level\":1,\"version\":\"4.5.2\"}");
      } else if (exchange.getRequestMethod().equals("POST")) {
        take(exchange, body);
      } else {
        find(exchange, target);
      }
    }
  }

  private void take(HttpExchange exchange, byte[] body) throws IOException {
    Fate fate = fates.isEmpty() ? Fate.TAKEN : fates.removeFirst();
    switch (fate) {
      case TAKEN -> {
        taken.add(Json.read(body));
        send(exchange, 201, "{\"transaction_id\":\"d99a\"}");
      }
      case TAKEN_BUT_NO_ANSWER -> taken.add(Json.read(body));
      case TAKEN_BUT_500 -> {
        taken.add(Json.read(body));
        send(exchange, 500, "{}");
      }
      case LOST_WITHOUT_ANSWER -> {}
      case REFUSED -> send(exchange, 403, "{\"error\":{\"type\":\"ACTION_FORBIDDEN\"}}");
      case TYPE_UNKNOWN -> send(exchange, 404, "{\"error\":{\"type\":\"NOT_FOUND\"}}");
      case BUSY -> send(exchange, 429, "{\"error\":{\"type\":\"RATE_LIMIT\"}}");
    }
  }

  /** As the chain's search does: all whose tag holds the words, in order. */
  private void find(HttpExchange exchange, String target) throws IOException {
    try {
      silence.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
    if (saysInstead != null) {
      send(exchange, 200, saysInstead);
      return;
    }
    Matcher query = QUERY.matcher(target);
    String words =
        query.find() ? URLDecoder.decode(query.group(1), UTF_8).replaceFirst(TAG, "$1") : "";
    var results = Json.object();
    var array = results.putArray("results");
    if (!taken.isEmpty() && misses > 0) {
      misses--;
    } else {
      for (JsonNode transaction : taken) {
        if (transaction.path("tag").asText().contains(words)) {
          array.add(transaction);
        }
      }
    }
    send(exchange, 200, Json.text(results));
  }

  /** The chain's own check, written from the formats. */
  private static boolean signed(HttpExchange exchange, String target, byte[] body) {
    try {
      @Nullable String chain = exchange.getRequestHeaders().getFirst("dragonchain");
      @Nullable String timestamp = exchange.getRequestHeaders().getFirst("timestamp");
      @Nullable String type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (!ID.equals(chain)
          || timestamp == null
          || !timestamp.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z")
          || Math.abs(Instant.now().getEpochSecond() - Instant.parse(timestamp).getEpochSecond())
              > 60) {
        return false;
      }
      String hash =
          Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY.getBytes(UTF_8), "HmacSHA256"));
      String message =
          exchange.getRequestMethod()
              + "\n"
              + target
              + "\n"
              + chain
              + "\n"
              + timestamp
              + "\n"
              + (type == null ? "" : type)
              + "\n"
              + hash;
      String expected =
          "DC1-HMAC-SHA256 "
              + KEY_ID
              + ":"
              + Base64.getEncoder().encodeToString(mac.doFinal(message.getBytes(UTF_8)));
      return expected.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
