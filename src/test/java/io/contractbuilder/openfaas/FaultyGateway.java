package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that answers as a real one did (statuses and bodies are captured), with faasd or
 * faas-netes behind it, or that stands before another gateway; and that fails where a test wants
 * it. In what is played, time passes by the calls that are made.
 */
public final class FaultyGateway implements AutoCloseable {
  static final String PASSWORD = "c4n4ry-password";

  private volatile HttpServer server;
  private final int port;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Provider provider;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Failure> failures = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Duration waited = Duration.ZERO;

  /** What a gateway was asked. */
  public record Request(String method, URI target, String body, @Nullable String authorization) {
    String path() {
      return target.getPath();
    }

    String query() {
      return target.getRawQuery() == null ? "" : target.getRawQuery();
    }

    /** The body; an empty object if there is none. */
    JsonNode json() throws IOException {
      return body.isEmpty() ? Json.object() : Json.read(body.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What stands behind a gateway; asked by several threads. */
  interface Provider {
    Answer answer(Request request) throws IOException;
  }

  /** Status, content type (empty: none) and body of an answer. */
  public record Answer(int status, String contentType, String body) {
    /** The connection is closed. */
    static final Answer NONE = new Answer(0, "");

    Answer(int status, String body) {
      this(status, "", body);
    }

    static Answer of(int status) {
      return new Answer(status, "");
    }

    /** With another name, image and so on in its body. */
    Answer with(String captured, String wanted) {
      return new Answer(status, contentType, body.replace(captured, wanted));
    }
  }

  /** How a call fails. */
  public enum Fault {
    /** The connection is closed once the request was read and done. */
    RESET_AFTER_DONE,
    /** Done, but the answer ends in its middle. */
    CUT_SHORT,
    /** No answer, ever. */
    HANG,
    GARBAGE,
    /** As faas-netes answers a PUT that it could not carry out. */
    EMPTY_200,
    STATUS_429,
    STATUS_500,
    STATUS_502,
    STATUS_503
  }

  private static final class Failure {
    final String method;
    final String path;
    final @Nullable Fault fault;
    final @Nullable Answer answer;
    final Duration delay;
    int times;

    Failure(
        String method,
        String path,
        int times,
        @Nullable Fault fault,
        @Nullable Answer answer,
        Duration delay) {
      this.method = method;
      this.path = path;
      this.times = times;
      this.fault = fault;
      this.answer = answer;
      this.delay = delay;
    }
  }

  private FaultyGateway(Provider provider) {
    this.provider = provider;
    server = listen(0);
    port = server.getAddress().getPort();
  }

  private HttpServer listen(int port) {
    try {
      var listening =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      listening.setExecutor(threads);
      listening.createContext("/", this::handle);
      listening.start();
      return listening;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends it as a crash does: what was asked is not answered. What it has deployed runs on. */
  public void stop() {
    server.stop(0);
  }

  /** Starts it again where it was. */
  public void start() {
    server = listen(port);
  }

  static FaultyGateway before(Provider provider) {
    return new FaultyGateway(provider);
  }

  /** With faasd 0.18.6 behind it, and nothing deployed. */
  public static FaultyGateway faasd() {
    return before(new Faasd());
  }

  /** With faas-netes (Community Edition) behind it, and nothing deployed. */
  public static FaultyGateway faasNetes() {
    return before(new FaasNetes());
  }

  /** With faas-netes of another edition, which takes so many functions. */
  public static FaultyGateway faasNetes(int functions) {
    var provider = new FaasNetes();
    provider.name = "faas-netes";
    provider.mostFunctions = functions;
    return before(provider);
  }

  /** Passes on what it is asked to another gateway. */
  public static FaultyGateway inFrontOf(URI gateway) {
    return before(new PassedOn(gateway));
  }

  /** A client with a password, whose time passes by its pauses alone. */
  public HttpFunctionGateway client() {
    return new HttpFunctionGateway(
        uri(), "admin", new Secret(PASSWORD), pause -> waited = waited.plus(pause), this::now);
  }

  private Instant now() {
    return Instant.parse("2026-01-01T00:00:00Z").plus(waited);
  }

  /** How long clients have paused so far. */
  public Duration waited() {
    return waited;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** All that was asked so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The methods and paths of what was asked, without queries. */
  public List<String> calls() {
    return requests.stream().map(r -> r.method() + " " + r.path()).toList();
  }

  /** Lets the next calls of a method to paths that begin so fail. */
  public void fail(Fault fault, String method, String path, int times) {
    failures.add(new Failure(method, path, times, fault, null, Duration.ZERO));
  }

  /** Answers the next such calls itself. */
  public void say(Answer answer, String method, String path, int times) {
    failures.add(new Failure(method, path, times, null, answer, Duration.ZERO));
  }

  /** Answers the next such calls so much later. */
  public void delay(Duration delay, String method, String path, int times) {
    failures.add(new Failure(method, path, times, null, null, delay));
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    var request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI(),
            new String(bytes, StandardCharsets.UTF_8),
            exchange.getRequestHeaders().getFirst("Authorization"));
    requests.add(request);
    Failure failure = due(request);
    if (failure == null) {
      send(exchange, provider.answer(request));
    } else if (failure.answer != null) {
      send(exchange, failure.answer);
    } else if (failure.fault != null) {
      fail(exchange, request, failure.fault);
    } else {
      await(failure.delay);
      send(exchange, provider.answer(request));
    }
  }

  private void fail(HttpExchange exchange, Request request, Fault fault) throws IOException {
    switch (fault) {
      case RESET_AFTER_DONE -> {
        provider.answer(request);
        exchange.close();
      }
      case CUT_SHORT -> {
        Answer answer = provider.answer(request);
        exchange.sendResponseHeaders(answer.status(), answer.body().length() + 10L);
        exchange.getResponseBody().write(answer.body().getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        exchange.close();
      }
      case HANG -> {
        await(Duration.ofMinutes(1));
        exchange.close();
      }
      case GARBAGE -> send(exchange, new Answer(200, "<html>hello</html>"));
      case EMPTY_200 -> send(exchange, Answer.of(200));
      case STATUS_429 -> send(exchange, Answer.of(429));
      case STATUS_500 -> send(exchange, new Answer(500, "something broke"));
      case STATUS_502 -> send(exchange, Answer.of(502));
      case STATUS_503 -> send(exchange, Answer.of(503));
    }
  }

  /** Until then, or until the gateway ends. */
  private void await(Duration limit) {
    try {
      closing.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Failure due(Request request) {
    synchronized (failures) {
      for (Failure failure : failures) {
        if (failure.times > 0
            && failure.method.equals(request.method())
            && request.path().startsWith(failure.path)) {
          failure.times--;
          return failure;
        }
      }
      return null;
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    if (answer.equals(Answer.NONE)) {
      exchange.close();
      return;
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    if (!answer.contentType().isEmpty()) {
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    }
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
