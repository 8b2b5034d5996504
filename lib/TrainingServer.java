import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What the training of the AOT cache talks to: just enough of a registry (also over TLS), a gateway, an S3 server
 * and a Redis on loopback for a job to run through. Tests run on the real ones.
 *
 * <p>{@code java TrainingServer.java LAYOUT KEYSTORE}: prints {@code NAME=127.0.0.1:PORT} lines and serves until it
 * is ended. LAYOUT is an OCI image layout whose first image is served as every source's tag.
 */
final class TrainingServer {
  private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/(.+)");
  private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/(sha256:[0-9a-f]{64})");
  private static final Pattern DESCRIPTOR = Pattern.compile("\"digest\":\"(sha256:[0-9a-f]{64})\"");
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();
  private final Map<String, String> images = new ConcurrentHashMap<>();

  public static void main(String[] arguments) throws Exception {
    var server = new TrainingServer();
    server.load(Path.of(arguments[0]));
    server.listen("REGISTRY", plain(), server::registry);
    server.listen("TLS", secured(Path.of(arguments[1])), server::registry);
    server.listen("GATEWAY", plain(), server::gateway);
    server.listen("S3", plain(), server::storage);
    var redis = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(() -> server.redis(redis));
    System.out.println("REDIS=127.0.0.1:" + redis.getLocalPort());
    System.out.close();
  }

  private static HttpServer plain() throws IOException {
    return HttpServer.create(address(), 0);
  }

  private static HttpServer secured(Path keystore) throws Exception {
    var keys = KeyStore.getInstance(keystore.toFile(), "changeit".toCharArray());
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create(address(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return server;
  }

  private static InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void listen(String name, HttpServer server, HttpHandler handler) {
    server.createContext("/", handler);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    System.out.println(name + "=127.0.0.1:" + server.getAddress().getPort());
  }

  private void load(Path layout) throws Exception {
    try (var files = Files.list(layout.resolve("blobs/sha256"))) {
      for (Path file : files.toList()) {
        blobs.put("sha256:" + file.getFileName(), Files.readAllBytes(file));
      }
    }
    var entries = new ArrayList<String>();
    Matcher digests = DIGEST.matcher(Files.readString(layout.resolve("index.json")));
    for (String architecture : List.of("amd64", "arm64")) {
      digests.find();
      byte[] manifest = blobs.get(digests.group());
      manifests.putIfAbsent("source", manifest);
      manifests.put(digests.group(), manifest);
      entries.add(
          "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}}"
              .formatted(MANIFEST_TYPE, digests.group(), manifest.length, architecture));
    }
    String index = "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}";
    manifests.put("index", index.formatted(INDEX_TYPE, String.join(",", entries)).getBytes(StandardCharsets.UTF_8));
  }

  private void registry(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      String path = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      Matcher manifest = MANIFEST.matcher(path);
      Matcher blob = BLOB.matcher(path);
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      Matcher uploaded = DIGEST.matcher(query);
      if (manifest.matches() && method.equals("PUT")) {
          String digest = digest(body);
        String errors = missing(body);
        if (!errors.isEmpty()) {
          answer(exchange, 400, "{\"errors\":[%s]}".formatted(errors).getBytes(StandardCharsets.UTF_8));
          return;
        }
        manifests.put(digest, body);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
        answer(exchange, 201, new byte[0]);
      } else if (manifest.matches() && method.equals("DELETE")) {
        answer(exchange, 202, new byte[0]);
      } else if (manifest.matches()) {
        byte[] found = manifests.get(manifest.group(2));
        if (found == null && !manifest.group(1).equals("customer-contracts")) {
          found = manifests.get("source");
        }
        if (found == null) {
          answer(exchange, 404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8));
          return;
        }
        boolean index = new String(found, StandardCharsets.UTF_8).contains(INDEX_TYPE);
        exchange.getResponseHeaders().set("Content-Type", index ? INDEX_TYPE : MANIFEST_TYPE);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest(found));
        answer(exchange, 200, found);
      } else if (blob.matches()) {
        byte[] found = blobs.get(blob.group(2));
        answer(exchange, found == null ? 404 : 200, found == null ? new byte[0] : found);
      } else if (method.equals("PUT") && uploaded.find()) {
        blobs.put(uploaded.group(), body);
        answer(exchange, 201, new byte[0]);
      } else if (method.equals("POST")) {
        exchange.getResponseHeaders().set("Location", path + "1");
        answer(exchange, 202, new byte[0]);
      } else {
        answer(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** An error for each blob that the manifest names and nobody brought. */
  private String missing(byte[] manifest) {
    return DESCRIPTOR.matcher(new String(manifest, StandardCharsets.UTF_8)).results()
        .map(descriptor -> descriptor.group(1))
        .filter(digest -> !blobs.containsKey(digest) && !manifests.containsKey(digest))
        .map("{\"code\":\"MANIFEST_BLOB_UNKNOWN\",\"message\":\"blob unknown to registry\",\"detail\":\"%s\"}"::formatted)
        .collect(Collectors.joining(","));
  }

  private void gateway(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (path.equals("/system/info")) {
        answer(
            exchange,
            200,
            "{\"provider\":{\"provider\":\"faasd\",\"orchestration\":\"containerd\",\"version\":{\"release\":\"0.18.6\"}},\"version\":{\"release\":\"0.27.0\"},\"arch\":\"x86_64\"}"
                .getBytes(StandardCharsets.UTF_8));
      } else if (path.equals("/system/secrets")) {
        Matcher secret = Pattern.compile("\"name\":\"([^\"]+)\"").matcher(body);
        if (secret.find()) {
          secrets.add(secret.group());
        }
        String list = secrets.stream().map("{%s}"::formatted).collect(Collectors.joining(",", "[", "]"));
        answer(exchange, 200, exchange.getRequestMethod().equals("GET") ? list.getBytes(StandardCharsets.UTF_8) : new byte[0]);
      } else if (path.equals("/system/functions")) {
        Matcher image = Pattern.compile("\"service\":\"([^\"]+)\",\"image\":\"([^\"]+)\"").matcher(body);
        if (image.find()) {
          images.put(image.group(1), image.group(2));
        }
        answer(exchange, 200, new byte[0]);
      } else if (path.startsWith("/system/function/") && images.containsKey(name)) {
        String status = "{\"name\":\"%s\",\"image\":\"%s\",\"replicas\":1,\"availableReplicas\":1,\"namespace\":\"openfaas-fn\"}";
        answer(exchange, 200, status.formatted(name, images.get(name)).getBytes(StandardCharsets.UTF_8));
      } else {
        answer(exchange, path.startsWith("/system/function/") ? 404 : 200, new byte[0]);
      }
    }
  }

  private void storage(HttpExchange exchange) throws IOException {
    try (exchange) {
      String key = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      byte[] found = objects.get(key);
      exchange.getResponseHeaders().set("Content-Type", "application/xml");
      switch (exchange.getRequestMethod()) {
        case "PUT" -> {
          objects.put(key, body);
          exchange.getResponseHeaders().set("ETag", "\"" + digest(body).substring(7, 39) + "\"");
          answer(exchange, 200, new byte[0]);
        }
        case "DELETE" -> answer(exchange, 204, new byte[0]);
        case "GET" -> {
          if (exchange.getRequestURI().getQuery() != null && exchange.getRequestURI().getQuery().contains("list-type")) {
            String list = "<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount></ListBucketResult>";
            answer(exchange, 200, list.getBytes(StandardCharsets.UTF_8));
          } else if (found == null) {
            answer(exchange, 404, "<Error><Code>NoSuchKey</Code><Message>x</Message></Error>".getBytes(StandardCharsets.UTF_8));
          } else {
            answer(exchange, 200, found);
          }
        }
        default -> answer(exchange, found == null ? 404 : 200, new byte[0]);
      }
    }
  }

  private void redis(ServerSocket server) {
    while (true) {
      try {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().start(() -> redis(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Every script has pushed what it was given; nothing is known of any key. */
  private void redis(Socket socket) {
    try (socket;
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        OutputStream out = socket.getOutputStream()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int count = Integer.parseInt(line.substring(1));
        String command = "";
        for (int i = 0; i < count; i++) {
          var word = new char[Integer.parseInt(in.readLine().substring(1))];
          for (int read = 0; read < word.length; read += in.read(word, read, word.length - read)) {
            // until the whole word is there
          }
          in.readLine();
          command = i == 0 ? new String(word) : command;
        }
        String answer =
            switch (command.toUpperCase()) {
              case "PING" -> "+PONG\r\n";
              case "GET", "HGET" -> "$-1\r\n";
              case "SET", "AUTH", "SELECT", "CLIENT", "FT.ADD", "FT.DROP" -> "+OK\r\n";
              default -> ":1\r\n";
            };
        out.write(answer.getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    } catch (IOException e) {
      // the client went
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
    }
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
