package io.contractbuilder.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry in memory, on loopback; what it does wrong is laid over it by {@link #behave}. */
final class MemoryRegistry implements AutoCloseable {
  final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  final Map<String, String> types = new ConcurrentHashMap<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();

  /** Address, query and all headers of each request. */
  final List<String> heads = new CopyOnWriteArrayList<>();

  private final List<Behaviour> behaviours = new CopyOnWriteArrayList<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  boolean refusesMissing = true;

  /** Answers a request itself, or leaves it. */
  interface Behaviour {
    boolean answered(HttpExchange exchange) throws IOException;
  }

  MemoryRegistry() throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  MemoryRegistry(InetSocketAddress address) throws IOException {
    this(HttpServer.create(address, 0));
  }

  /**
   * @param server bound, and not started yet
   */
  MemoryRegistry(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  MemoryRegistry behave(Behaviour behaviour) {
    behaviours.add(behaviour);
    return this;
  }

  /** Answers requests whose path ends so. */
  MemoryRegistry at(String end, Answer answer) {
    return behave(
        exchange -> {
          if (!exchange.getRequestURI().getPath().endsWith(end)) {
            return false;
          }
          answer.to(exchange);
          return true;
        });
  }

  /** Answers one request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** An answer with one header and an empty body. */
  static Answer header(int status, String name, String value) {
    return exchange -> {
      exchange.getResponseHeaders().add(name, value);
      answer(exchange, status, new byte[0]);
    };
  }

  /** An answer whose body never ends. */
  static Answer endless(int status) {
    return exchange -> {
      exchange.sendResponseHeaders(status, 0);
      byte[] spaces = " ".repeat(65_536).getBytes(StandardCharsets.UTF_8);
      while (true) {
        exchange.getResponseBody().write(spaces);
      }
    };
  }

  /** A body byte by byte, until {@code ended}. */
  static Answer drip(byte[] body, Duration each, CountDownLatch ended) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      OutputStream out = exchange.getResponseBody();
      try {
        for (byte one : body) {
          out.write(one);
          out.flush();
          if (ended.await(each.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    };
  }

  /** Lets a request wait, at most until the server is closed. */
  static void await(CountDownLatch ended) throws IOException {
    try {
      ended.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  long count(String prefix) {
    return requests.stream().filter(r -> r.startsWith(prefix)).count();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    heads.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet());
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(authorization == null ? "" : authorization);
    try (exchange) {
      for (Behaviour behaviour : behaviours) {
        if (behaviour.answered(exchange)) {
          return;
        }
      }
      if (path.contains("/manifests/")) {
        manifest(exchange, path.substring("/v2/".length()).replace("/manifests/", "@"));
      } else if (path.contains("/blobs/uploads/")) {
        upload(exchange, path);
      } else {
        blob(exchange, path.substring(path.lastIndexOf('/') + 1));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void manifest(HttpExchange exchange, String key) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        List<String> missing = missing(bytes);
        if (refusesMissing && !missing.isEmpty()) {
          var errors = Json.array();
          for (String digest : missing) {
            errors.add(
                Json.object()
                    .put("code", "MANIFEST_BLOB_UNKNOWN")
                    .put("message", "blob unknown to registry")
                    .put("detail", digest));
          }
          answer(exchange, 400, Json.write(Json.object().set("errors", errors)));
          return;
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        String digest = Digest.of(bytes).value();
        String name = key.substring(0, key.indexOf('@'));
        for (String one : List.of(key, name + "@" + digest)) {
          manifests.put(one, bytes);
          types.put(one, type);
        }
        exchange.getResponseHeaders().add("Docker-Content-Digest", digest);
        answer(exchange, 201, new byte[0]);
      }
      case "DELETE" -> answer(exchange, manifests.remove(key) == null ? 404 : 202, new byte[0]);
      default -> {
        byte[] bytes = manifests.get(key);
        if (bytes == null) {
          answer(exchange, 404, new byte[0]);
          return;
        }
        exchange.getResponseHeaders().add("Content-Type", types.get(key));
        exchange.getResponseHeaders().add("Docker-Content-Digest", Digest.of(bytes).value());
        answer(exchange, 200, bytes);
      }
    }
  }

  private List<String> missing(byte[] manifest) throws IOException {
    var tree = Json.read(manifest);
    List<String> missing = new CopyOnWriteArrayList<>();
    for (var layer : tree.path("layers")) {
      missing.add(layer.path("digest").asText());
    }
    if (tree.has("config")) {
      missing.add(tree.path("config").path("digest").asText());
    }
    missing.removeIf(blobs::containsKey);
    return missing;
  }

  private void upload(HttpExchange exchange, String path) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (exchange.getRequestMethod().equals("POST")) {
      if (query.contains("mount=") && blobs.containsKey(query.replaceAll(".*mount=|&.*", ""))) {
        answer(exchange, 201, new byte[0]);
        return;
      }
      exchange
          .getResponseHeaders()
          .add("Location", path + sessions.incrementAndGet() + "?_state=x%3Dy");
      answer(exchange, 202, new byte[0]);
      return;
    }
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    String digest = query.replaceAll(".*digest=|&.*", "");
    if (!Digest.of(bytes).value().equals(digest)) {
      answer(
          exchange,
          400,
          "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}".getBytes(StandardCharsets.UTF_8));
      return;
    }
    blobs.put(digest, bytes);
    exchange.getResponseHeaders().add("Docker-Content-Digest", digest);
    answer(exchange, 201, new byte[0]);
  }

  private void blob(HttpExchange exchange, String digest) throws IOException {
    byte[] bytes = blobs.get(digest);
    if (bytes == null) {
      answer(exchange, 404, new byte[0]);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      answer(exchange, 200, bytes);
      return;
    }
    String[] ends = range.replace("bytes=", "").split("-", -1);
    int from = Integer.parseInt(ends[0]);
    int to = ends[1].isEmpty() ? bytes.length : Integer.parseInt(ends[1]) + 1;
    exchange
        .getResponseHeaders()
        .add("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
    answer(exchange, 206, java.util.Arrays.copyOfRange(bytes, from, to));
  }

  static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (InputStream in = exchange.getRequestBody()) {
      in.transferTo(new ByteArrayOutputStream());
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Puts a customer's image there. */
  TestImage push(String repository, String tag, TestImage image) {
    image.blobs().forEach((digest, bytes) -> blobs.put(digest, bytes));
    String digest = Digest.of(image.manifest()).value();
    for (String name : List.of(tag, digest)) {
      manifests.put(repository + "@" + name, image.manifest());
      types.put(repository + "@" + name, image.mediaType());
    }
    return image;
  }

  Map<String, String> tags() {
    Map<String, String> tags = new TreeMap<>();
    manifests.forEach(
        (key, bytes) -> {
          if (!key.contains("@sha256:")) {
            tags.put(key, Digest.of(bytes).value());
          }
        });
    return tags;
  }

  /** The requests that carried something here; an upload that is only begun carries nothing. */
  List<String> deliveries() {
    return requests.stream()
        .filter(request -> request.startsWith("PUT ") || request.startsWith("PATCH "))
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
