package io.contractbuilder.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.contractbuilder.local.functions.Functions;
import io.contractbuilder.local.functions.Refused;
import io.contractbuilder.local.wire.DoorClient;
import io.contractbuilder.local.wire.FunctionAnswer;
import io.contractbuilder.local.wire.LimitedBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /function/<name>[.openfaas-fn][/path][?query]}: calls, passed on as they come. */
public final class FunctionProxy {
  /** Longest body of a request, in bytes; the answer's is not limited. */
  static final long MOST_BODY = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(FunctionProxy.class);
  private static final Duration LIMIT = Duration.ofSeconds(65);
  private static final String SERVED_BY = "contract-builder";
  // RFC 9110, section 7.6.1: what is between two neighbours only.
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length",
          "expect");
  private final Functions functions;
  private final DoorClient client;
  private final InstantSource clock;

  public FunctionProxy(Functions functions, DoorClient client, InstantSource clock) {
    this.functions = functions;
    this.client = client;
    this.clock = clock;
  }

  /**
   * Passes a request on.
   *
   * @param name of the function, perhaps with its namespace
   * @param path after the name; empty or with a slash at its start
   * @param operator whether the platform's own password came with it, which is not passed on
   */
  void pass(HttpExchange exchange, String name, String path, boolean operator)
      throws IOException, Refused, InterruptedException {
    Instant start = clock.instant();
    SocketAddress door = functions.address(plain(name));
    long length = length(exchange);
    if (length > MOST_BODY) {
      throw new Refused(413, "request body is longer than " + MOST_BODY + " bytes");
    }
    LimitedBody body = new LimitedBody(exchange.getRequestBody(), MOST_BODY);
    Map<String, List<String>> headers = headers(exchange, start);
    if (operator) {
      headers.remove("Authorization");
    }
    String callId = headers.getOrDefault("X-Call-Id", List.of("")).getFirst();
    String query = exchange.getRequestURI().getRawQuery();
    DoorClient.Call call =
        new DoorClient.Call(
            exchange.getRequestMethod(),
            (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query),
            headers,
            body,
            length,
            LIMIT);
    FunctionAnswer answer;
    try {
      answer = client.call(door, call);
    } catch (SocketTimeoutException e) {
      exchange.getResponseHeaders().set("X-Served-By", SERVED_BY);
      throw new Refused(504, "function " + name + " did not answer in " + LIMIT.toSeconds() + " s");
    } catch (IOException e) {
      exchange.getResponseHeaders().set("X-Served-By", SERVED_BY);
      if (body.exceeded()) {
        throw new Refused(413, "request body is longer than " + MOST_BODY + " bytes");
      }
      throw new Refused(502, "Can't reach service for: " + name + ".");
    }
    try (answer) {
      give(exchange, answer, callId, start);
    }
  }

  private static String plain(String name) {
    String suffix = ".openfaas-fn";
    return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
  }

  private static long length(HttpExchange exchange) {
    if (exchange.getRequestHeaders().containsKey("Transfer-Encoding")) {
      return -1;
    }
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    return length == null ? 0 : Long.parseLong(length);
  }

  private static Map<String, List<String>> headers(HttpExchange exchange, Instant start) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values);
              }
            });
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (host != null) {
      headers.putIfAbsent("X-forwarded-host", List.of(host));
    }
    var remote = exchange.getRemoteAddress();
    headers.putIfAbsent(
        "X-forwarded-for", List.of(remote.getAddress().getHostAddress() + ":" + remote.getPort()));
    String callId = exchange.getRequestHeaders().getFirst("X-Call-Id");
    headers.remove("X-call-id");
    headers.put(
        "X-Call-Id",
        List.of(callId == null || callId.isEmpty() ? UUID.randomUUID().toString() : callId));
    headers.put("X-Start-Time", List.of(nanos(start)));
    return headers;
  }

  private static String nanos(Instant at) {
    return Long.toString(at.getEpochSecond() * 1_000_000_000L + at.getNano());
  }

  private void give(HttpExchange exchange, FunctionAnswer answer, String callId, Instant start)
      throws IOException {
    answer
        .headers()
        .forEach(
            (name, values) -> {
              if (!HOP_BY_HOP.contains(name) && !name.equals("date")) {
                exchange.getResponseHeaders().put(name, List.copyOf(values));
              }
            });
    exchange.getResponseHeaders().set("X-Served-By", SERVED_BY);
    exchange.getResponseHeaders().set("X-Call-Id", callId);
    exchange.getResponseHeaders().set("X-Start-Time", nanos(start));
    if (!exchange.getResponseHeaders().containsKey("X-Duration-Seconds")) {
      double seconds = Duration.between(start, clock.instant()).toNanos() / 1e9;
      exchange
          .getResponseHeaders()
          .set("X-Duration-Seconds", String.format(Locale.ROOT, "%.6f", seconds));
    }
    boolean none = answer.length() == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), none ? -1 : Math.max(0, answer.length()));
    if (!none) {
      copy(answer.body(), exchange.getResponseBody());
    }
    exchange.close();
  }

  /** Streams: what the function has written is passed on before the next is waited for. */
  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] part = new byte[1 << 14];
    for (int n = from.read(part); n >= 0; n = from.read(part)) {
      to.write(part, 0, n);
      to.flush();
    }
    to.close();
  }

  /**
   * Calls a function from within, with {@code POST} and no body.
   *
   * @return the answer's status; null if there was none
   */
  public @Nullable Integer invoke(String name) throws InterruptedException {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("Host", List.of(name));
    headers.put("X-Call-Id", List.of(UUID.randomUUID().toString()));
    headers.put("X-Start-Time", List.of(nanos(clock.instant())));
    try {
      SocketAddress door = functions.address(name);
      DoorClient.Call call =
          new DoorClient.Call("POST", "/", headers, InputStream.nullInputStream(), 0, LIMIT);
      try (FunctionAnswer answer = client.call(door, call)) {
        answer.body().transferTo(OutputStream.nullOutputStream());
        return answer.status();
      }
    } catch (IOException | Refused e) {
      LOG.debug("scheduled call of {} failed", name, e);
      return null;
    }
  }
}
