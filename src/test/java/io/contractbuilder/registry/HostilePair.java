package io.contractbuilder.registry;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Two registries, of which one is hostile, and an image in the first. */
final class HostilePair implements AutoCloseable {
  final MemoryRegistry from = new MemoryRegistry();
  final MemoryRegistry to = new MemoryRegistry();
  final TestImage image = from.push("app", "1", TestImage.oci(1, 300_000));
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable RawServer raw;

  HostilePair() throws IOException {}

  /** Which requests are meant. */
  interface Which {
    boolean is(String method, String path);
  }

  static final Which MANIFEST = (method, path) -> path.endsWith("/manifests/1");
  static final Which UPLOAD_BEGUN =
      (method, path) -> method.equals("POST") && path.contains("/blobs/uploads/");
  static final Which UPLOAD =
      (method, path) -> method.equals("PUT") && path.contains("/blobs/uploads/");
  static final Which STORED_MANIFEST =
      (method, path) -> method.equals("PUT") && path.contains("/manifests/");
  static final Which ANY_BLOB = (method, path) -> path.contains("/blobs/");

  Which layer() {
    return (method, path) -> path.endsWith("/blobs/" + image.firstLayer());
  }

  Which config() {
    String config = image.blobs().keySet().stream().toList().getLast();
    return (method, path) -> path.endsWith("/blobs/" + config);
  }

  /** The source answers so. */
  void reads(Which which, MemoryRegistry.Answer answer) {
    answers(from, which, answer);
  }

  /** The target answers so. */
  void writes(Which which, MemoryRegistry.Answer answer) {
    answers(to, which, answer);
  }

  private static void answers(MemoryRegistry at, Which which, MemoryRegistry.Answer answer) {
    at.behave(
        exchange -> {
          boolean meant = which.is(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
          if (meant) {
            answer.to(exchange);
          }
          return meant;
        });
  }

  /** The source wants a token of a service at the same place, which answers so. */
  void token(MemoryRegistry.Answer answer) {
    reads((method, path) -> path.equals("/token"), answer);
    reads(
        MANIFEST,
        MemoryRegistry.header(
            401, "WWW-Authenticate", "Bearer realm=\"http://" + from.host() + "/token\""));
  }

  /** The source keeps to no rule. */
  void raw(RawServer.Answer answer) throws IOException {
    raw = new RawServer(answer);
  }

  String source() {
    return raw == null ? from.host() : "127.0.0.1:" + raw.port();
  }

  boolean asked() {
    return !from.requests.isEmpty() || (raw != null && !raw.heads.isEmpty());
  }

  /** No answer. */
  void silence(HttpExchange exchange) throws IOException {
    MemoryRegistry.await(ended);
  }

  /** Some bytes, and then none. */
  MemoryRegistry.Answer stall(byte[] body, int bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, bytes);
      exchange.getResponseBody().flush();
      MemoryRegistry.await(ended);
    };
  }

  /** A byte a second. */
  MemoryRegistry.Answer drip(byte[] body) {
    return MemoryRegistry.drip(body, Duration.ofSeconds(1), ended);
  }

  @Override
  public void close() {
    ended.countDown();
    from.close();
    to.close();
    if (raw != null) {
      raw.close();
    }
  }
}
