package io.contractbuilder.processor;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.contract.Secret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says over HTTP how a processor is: {@code /livez}, {@code /readyz} and {@code /metrics} for
 * whoever asks, which hold no secret and name no contract; {@code /} for people who know a token.
 */
public final class StatusServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PAGE = "text/html; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final Processor processor;
  private final @Nullable StatusToken token;
  private final ExecutorService threads = Executors.newFixedThreadPool(3);

  /** A page may wait for the queue: by one at a time, so that probes are answered meanwhile. */
  private final Semaphore asking = new Semaphore(1);

  private volatile String page =
      StatusPage.of(new ProcessorStatus("", "it is being asked for the first time", null));

  private StatusServer(HttpServer server, Processor processor, @Nullable StatusToken token) {
    this.server = server;
    this.processor = processor;
    this.token = token;
  }

  /**
   * Begins to answer.
   *
   * @param token what people have to know for the page, read each time; null: there is no page
   * @throws IOException if the address cannot be listened on
   */
  public static StatusServer start(
      InetSocketAddress address, Processor processor, @Nullable Supplier<Secret> token)
      throws IOException {
    var status =
        new StatusServer(
            HttpServer.create(address, 16),
            processor,
            token == null ? null : new StatusToken(token));
    status.server.setExecutor(status.threads);
    status.server.createContext("/", status::answer);
    status.server.start();
    return status;
  }

  /** Where it is. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      answer(exchange, 405, TEXT, "GET and HEAD only\n");
      return;
    }
    switch (exchange.getRequestURI().getPath()) {
      case "/livez" -> health(exchange, processor.hangs());
      case "/readyz" -> health(exchange, processor.unready());
      case "/metrics" -> answer(exchange, 200, METRICS, processor.metrics());
      case "/" -> page(exchange);
      default -> nothing(exchange);
    }
  }

  private static void nothing(HttpExchange exchange) throws IOException {
    answer(exchange, 404, TEXT, "/livez, /readyz, /metrics\n");
  }

  private void page(HttpExchange exchange) throws IOException {
    if (token == null) {
      nothing(exchange);
      return;
    }
    boolean known;
    try {
      known = token.isIn(exchange.getRequestHeaders().getFirst("Authorization"));
    } catch (RuntimeException e) {
      LOG.error("The status page is shown to nobody: {}", e.getMessage());
      answer(exchange, 503, TEXT, "its token cannot be read; the log says why\n");
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    if (!known) {
      headers.set("WWW-Authenticate", "Basic realm=\"contract-builder\", charset=\"UTF-8\"");
      answer(exchange, 401, TEXT, "the token, as the password of any user, or as Bearer\n");
      return;
    }
    headers.set("Content-Security-Policy", StatusPage.POLICY);
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    answer(exchange, 200, PAGE, page());
  }

  /** A page that is being made is not waited for: the one before is as good. */
  private String page() {
    if (asking.tryAcquire()) {
      try {
        page = StatusPage.of(processor.status());
      } finally {
        asking.release();
      }
    }
    return page;
  }

  private static void health(HttpExchange exchange, @Nullable String problem) throws IOException {
    if (problem == null) {
      answer(exchange, 200, TEXT, "ok\n");
    } else {
      answer(exchange, 503, TEXT, problem + "\n");
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
