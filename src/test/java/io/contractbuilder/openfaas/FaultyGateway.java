package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that answers as a real one did (statuses and bodies are captured), with faasd or
 * faas-netes behind it, or that fails. Time passes by the calls that are made to it.
 */
public final class FaultyGateway implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Provider provider;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Failure> failures = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** What a gateway was asked. */
  public record Request(String method, String path, String body, @Nullable String authorization) {}

  /** How a call fails. */
  public enum Fault {
    /** The connection is closed once the request was read and done. */
    RESET_AFTER_DONE,
    /** No answer, ever. */
    HANG,
    GARBAGE,
    STATUS_429,
    STATUS_500,
    STATUS_502
  }

  private static final class Failure {
    final Fault fault;
    final String method;
    final String path;
    int times;

    Failure(Fault fault, String method, String path, int times) {
      this.fault = fault;
      this.method = method;
      this.path = path;
      this.times = times;
    }
  }

  /** What stands behind a gateway. */
  interface Provider {
    Answer answer(String method, String path, String query, JsonNode body);
  }

  /** Status and body of an answer. */
  record Answer(int status, String body) {
    static Answer of(int status) {
      return new Answer(status, "");
    }
  }

  private FaultyGateway(Provider provider) {
    this.provider = provider;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  static FaultyGateway before(Provider provider) {
    return new FaultyGateway(provider);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** All that was asked so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The methods and paths of what was asked, without queries. */
  public List<String> calls() {
    return requests.stream().map(r -> r.method() + " " + r.path().replaceAll("\\?.*", "")).toList();
  }

  /** Lets the next calls of a method to paths that begin so fail. */
  public void fail(Fault fault, String method, String path, int times) {
    failures.add(new Failure(fault, method, path, times));
  }

  private void handle(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getRawQuery());
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    String body = new String(bytes, StandardCharsets.UTF_8);
    requests.add(
        new Request(
            method,
            exchange.getRequestURI().toString(),
            body,
            exchange.getRequestHeaders().getFirst("Authorization")));
    Fault fault = due(method, path);
    if (fault == null || fault == Fault.RESET_AFTER_DONE) {
      JsonNode json = body.isEmpty() ? Json.object() : Json.read(bytes);
      Answer answer;
      synchronized (provider) {
        answer = provider.answer(method, path, query, json);
      }
      if (fault == null) {
        send(exchange, answer);
      } else {
        exchange.close();
      }
      return;
    }
    switch (fault) {
      case RESET_AFTER_DONE -> throw new AssertionError("done above");
      case HANG -> hang(exchange);
      case GARBAGE -> send(exchange, new Answer(200, "<html>hello</html>"));
      case STATUS_429 -> send(exchange, Answer.of(429));
      case STATUS_500 -> send(exchange, new Answer(500, "something broke"));
      case STATUS_502 -> send(exchange, Answer.of(502));
    }
  }

  private void hang(HttpExchange exchange) {
    try {
      closing.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private @Nullable Fault due(String method, String path) {
    for (Failure failure : failures) {
      if (failure.times > 0 && failure.method.equals(method) && path.startsWith(failure.path)) {
        failure.times--;
        return failure.fault;
      }
    }
    return null;
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  static Answer info(String provider, String orchestration) {
    return new Answer(
        200,
        "{\"provider\":{\"provider\":\""
            + provider
            + "\",\"version\":{\"sha\":\"\",\"release\":\"dev\"},\"orchestration\":\""
            + orchestration
            + "\"},\"version\":{\"release\":\"dev\"},\"arch\":\"\"}");
  }

  static Answer secretList(Iterable<String> names) {
    ArrayNode list = Json.array();
    names.forEach(name -> list.addObject().put("name", name).put("namespace", "openfaas-fn"));
    return new Answer(200, Json.text(list));
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
