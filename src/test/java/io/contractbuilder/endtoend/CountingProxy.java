package io.contractbuilder.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** Stands before a part: writes down what reaches it, and can keep requests waiting or refuse. */
final class CountingProxy implements AutoCloseable {
  private static final Set<String> HOP =
      Set.of("connection", "content-length", "host", "transfer-encoding", "upgrade", "expect");

  private static final int LARGE = 1 << 16;

  private final URI target;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Predicate<String> hangs = request -> false;
  private volatile Predicate<String> refuses = request -> false;

  CountingProxy(URI target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::forward);
    server.setExecutor(threads);
    server.start();
  }

  String authority() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** What came since the last {@link #forget}, as {@code GET /path?query}. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** The same with what was sent and how it was answered, in the order of the answers. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  void forget() {
    requests.clear();
    calls.clear();
  }

  /** Requests of this kind get no answer. */
  void hang(Predicate<String> which) {
    hangs = which;
  }

  /** Requests of this kind get a 503. */
  void refuse(Predicate<String> which) {
    refuses = which;
  }

  private void forward(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    requests.add(request);
    try (exchange) {
      if (hangs.test(request)) {
        closed.await();
      } else if (refuses.test(request)) {
        byte[] words = "the part is down for the test".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_UNAVAILABLE, words.length);
        exchange.getResponseBody().write(words);
      } else {
        pass(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(HttpExchange exchange) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder onward =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!HOP.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> onward.header(name, value));
              }
            });
    HttpResponse<InputStream> answer = client.send(onward.build(), BodyHandlers.ofInputStream());
    calls.add(
        new Call(
            exchange.getRequestMethod() + " " + exchange.getRequestURI(),
            body.length > LARGE ? "(large)" : new String(body, StandardCharsets.UTF_8),
            answer.statusCode()));
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              boolean own = HOP.contains(name) && !name.equals("content-length");
              if (!own && !name.startsWith(":")) {
                values.forEach(v -> exchange.getResponseHeaders().add(name, redirected(name, v)));
              }
            });
    long length = answer.headers().firstValueAsLong("content-length").orElse(0);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD") || answer.statusCode() == 204;
    try (InputStream in = answer.body()) {
      if (answer.headers().firstValue("content-length").isEmpty()) {
        exchange.sendResponseHeaders(answer.statusCode(), bodiless ? -1 : 0);
      } else {
        exchange.sendResponseHeaders(answer.statusCode(), bodiless || length == 0 ? -1 : length);
      }
      if (!bodiless) {
        OutputStream out = exchange.getResponseBody();
        in.transferTo(out);
      }
    }
  }

  /** Uploads go on through the proxy. */
  private String redirected(String name, String value) {
    return name.equals("location") ? value.replace(target.getAuthority(), authority()) : value;
  }

  /** A request that was passed on. */
  record Call(String request, String body, int status) {}

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }
}
