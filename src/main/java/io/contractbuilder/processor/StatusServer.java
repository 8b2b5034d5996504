package io.contractbuilder.processor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Says over HTTP how a processor is: {@code /livez}, {@code /readyz} and {@code /metrics}. Answers
 * hold no secret and name no contract.
 */
public final class StatusServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  private StatusServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Begins to answer.
   *
   * @throws IOException if the address cannot be listened on
   */
  public static StatusServer start(InetSocketAddress address, Processor processor)
      throws IOException {
    var status = new StatusServer(HttpServer.create(address, 16));
    status.server.setExecutor(status.threads);
    status.server.createContext("/", exchange -> status.answer(exchange, processor));
    status.server.start();
    return status;
  }

  /** Where it is. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange, Processor processor) throws IOException {
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
      default -> answer(exchange, 404, TEXT, "/livez, /readyz, /metrics\n");
    }
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
