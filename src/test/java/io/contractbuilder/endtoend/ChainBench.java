package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import io.contractbuilder.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/**
 * A chain's place for the entry script: real Redis servers, search index, registry and storage, and
 * an OpenFaaS, with all calls to it written down.
 */
final class ChainBench implements AutoCloseable {
  /** What the chain stores on. */
  enum Storage {
    DISK,
    S3
  }

  /** Who runs the builder. */
  enum User {
    ROOT,
    UID_1000
  }

  /** 32 bytes; another program made the public id that the golden files have from them. */
  static final String PRIVATE_KEY = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

  private static final String TLS = "PARTS_REGISTRY_TLS";

  final String registry;
  final String images = part("PARTS_REGISTRY");
  final Jedis redis;
  final Jedis cache;
  final Jedis search;
  final PrivateRegistry privateRegistry;
  final CountingProxy gateway;
  private final HttpClient client = HttpClient.newHttpClient();
  private final TestedGateway openfaas;

  /** Ids of contracts: what else is on a real gateway is somebody's. */
  final Set<String> contracts = new HashSet<>();

  /** Of its own, as all that they hold is looked at. */
  private final List<RedisServer> servers = new ArrayList<>();

  private final Path bucket;
  private final Path folder;
  private final Map<String, String> common = new HashMap<>();

  /**
   * Starts the platform and pushes the customer's images.
   *
   * @param folder empty
   */
  ChainBench(Path folder) throws IOException, InterruptedException {
    this(
        folder,
        TestedGateway.isReal()
            ? PrivateRegistry.plain(TestedGateway.registry())
            : PrivateRegistry.overTls());
  }

  /**
   * The same.
   *
   * @param privateRegistry that the builder pushes to; only the one that is named with a real
   *     OpenFaaS is one that it can pull from
   */
  ChainBench(Path folder, PrivateRegistry privateRegistry)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.privateRegistry = privateRegistry;
    this.registry = privateRegistry.authority();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    common.put("CONTRACT_BUILDER_ALLOWED_ADDRESSES", "127.0.0.1");
    common.put(
        "CONTRACT_BUILDER_PLAIN_HTTP",
        privateRegistry.isPlain() ? images + "," + registry : images);
    Path certificates = folder.resolve("certs");
    Path authority = Files.createDirectories(certificates.resolve(part(TLS))).resolve("ca.crt");
    Files.copy(Path.of(part("PARTS_CA")), authority);
    common.put("CONTRACT_BUILDER_CERTS", certificates.toString());
    login(part(TLS + "_USER"), part(TLS + "_PASSWORD"));
    common.put("FAAS_REGISTRY", registry);
    Path platform = folder.resolve("platform");
    openfaas =
        registry.equals(TestedGateway.registry())
            ? TestedGateway.open(platform, common)
            : TestedGateway.local(platform, common);
    gateway = new CountingProxy(openfaas.url());
    pushImages();
    redis = server("redis");
    cache = server("cache");
    search = server("search", "--loadmodule", part("PARTS_REDISEARCH_MODULE"));
    // A bucket is a folder beside the others.
    bucket =
        Path.of(part("PARTS_S3_FOLDER"))
            .resolveSibling("chain-" + UUID.randomUUID().toString().substring(0, 8));
    Files.createDirectory(bucket);
    gatewayFile("USER", openfaas.user());
    gatewayFile("PASSWORD", openfaas.password());
  }

  private void login(String user, String password) throws IOException {
    Path secrets = folder.resolve("chain-secrets.json");
    Files.write(
        secrets,
        Json.write(
            Json.object().put("private-key", PRIVATE_KEY).put("registry-password", password)));
    common.put("REGISTRY_USERNAME", user);
    common.put("SECRET_LOCATION", secrets.toString());
  }

  /** A secret that is mounted can be read by the container's user. */
  private void gatewayFile(String name, String value) throws IOException {
    Path file = Files.writeString(folder.resolve("gateway-" + name), value);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    common.put("CONTRACT_BUILDER_GATEWAY_" + name + "_FILE", file.toString());
  }

  private void pushImages() throws IOException, InterruptedException {
    String source = Bench.image("noshell:1");
    skopeo("copy", "--dest-tls-verify=false", source, "docker://" + images + "/customer/answer:1");
    // The same program in a manifest of another kind: another image.
    skopeo(
        "copy",
        "--format=v2s2",
        "--dest-tls-verify=false",
        source,
        "docker://" + images + "/customer/answer:2");
  }

  static void skopeo(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(part("PARTS_BIN") + "/skopeo"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("skopeo " + String.join(" ", arguments)).isZero();
  }

  private Jedis server(String name, String... options) throws IOException {
    RedisServer server = RedisServer.start(Files.createDirectories(folder.resolve(name)), options);
    servers.add(server);
    return server.client();
  }

  private String address(int server) {
    return "127.0.0.1:" + servers.get(server).port();
  }

  /** The customer's image with a tag, as an event names it. */
  String customerImage(String tag) {
    return images + "/customer/answer:" + tag;
  }

  /** The folder that holds the objects, one file each. */
  Path objects(Storage storage) {
    return switch (storage) {
      case DISK -> folder.resolve("storage");
      case S3 -> bucket;
    };
  }

  /** Empties storage, Redis servers, platform and the list of calls; images stay. */
  void clear(Storage storage) throws IOException {
    redis.flushAll();
    cache.flushAll();
    search.flushAll();
    gateway.forget();
    clearGateway();
    Path objects = objects(storage);
    if (Files.exists(objects)) {
      try (Stream<Path> all = Files.walk(objects)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          if (!path.equals(objects)) {
            Files.delete(path);
          }
        }
      }
    }
    // The volume is there, and the webserver's.
    Files.createDirectories(objects);
    Files.setAttribute(objects, "unix:uid", 1000);
    Files.setAttribute(objects, "unix:gid", 1000);
  }

  /** The chain's environment: no home, no state, nothing of this machine's. */
  Map<String, String> environment(Storage storage) {
    var environment = new HashMap<>(common);
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("STAGE", "dev");
    environment.put("INTERNAL_ID", "internal-1");
    environment.put("DRAGONCHAIN_ENDPOINT", "https://chain.example");
    environment.put("DRAGONCHAIN_VERSION", "4.3.0");
    environment.put("LEVEL", "1");
    environment.put("SERVICE", "contract-job");
    environment.put("NAMESPACE", "dragonchain");
    environment.put("DEPLOYMENT_NAME", "mychain");
    environment.put("CONTRACT_BUILDER_READY_TIMEOUT", "10s");
    environment.put("FAAS_GATEWAY", "http://" + gateway.authority());
    environment.put("REDIS_ENDPOINT", address(0));
    environment.put("LRU_REDIS_ENDPOINT", address(1));
    environment.put("REDISEARCH_ENDPOINT", address(2));
    switch (storage) {
      case DISK -> {
        environment.put("STORAGE_TYPE", "disk");
        environment.put("STORAGE_LOCATION", objects(storage).toString());
      }
      case S3 -> {
        environment.put("STORAGE_TYPE", "s3");
        environment.put("STORAGE_LOCATION", bucket.getFileName().toString());
        environment.put("CONTRACT_BUILDER_S3_ENDPOINT", part("PARTS_S3"));
        environment.put("AWS_REGION", part("PARTS_S3_REGION"));
        environment.put("AWS_ACCESS_KEY_ID", part("PARTS_S3_KEY_ID"));
        environment.put("AWS_SECRET_ACCESS_KEY", part("PARTS_S3_SECRET"));
      }
    }
    return environment;
  }

  /** Runs the entry script as its container would: on a file system that cannot be written. */
  Ended run(Storage storage, User user, Map<String, String> event) throws IOException {
    try (Launched launched = start(storage, user, List.of("sh"), event)) {
      return launched.ended();
    }
  }

  /**
   * Starts it by a shell.
   *
   * @param more the event, and other variables
   */
  Launched start(Storage storage, User user, List<String> shell, Map<String, String> more)
      throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                part("PARTS_BIN") + "/bwrap",
                "--ro-bind",
                "/",
                "/",
                "--dev",
                "/dev",
                "--proc",
                "/proc"));
    if (storage == Storage.DISK) {
      String objects = objects(storage).toString();
      command.addAll(List.of("--bind", objects, objects));
    }
    command.addAll(List.of("--chdir", "/"));
    if (user == User.UID_1000) {
      command.addAll(List.of("setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--"));
    }
    command.addAll(shell);
    command.add(Launched.project().resolve("entrypoints/contract_job.sh").toString());
    var environment = environment(storage);
    environment.putAll(more);
    return Launched.startCommand(command, environment);
  }

  /** Asks the platform itself, so that the call is not among those that are written down. */
  byte[] platformAnswer(String method, String path, String body) throws IOException {
    String login = openfaas.user() + ":" + openfaas.password();
    HttpRequest request =
        HttpRequest.newBuilder(openfaas.url().resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(utf8(login)))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** What the builder shows to the gateway. */
  String gatewayPassword() {
    return openfaas.password();
  }

  /**
   * What contracts left on the gateway.
   *
   * @param kind {@code function} or {@code secret}
   */
  List<String> onGateway(String kind) throws IOException {
    var names = new ArrayList<String>();
    for (JsonNode one : Json.read(platformAnswer("GET", "/system/" + kind + "s", ""))) {
      String name = one.path("name").asText();
      if (openfaas.platform() != null || contracts.stream().anyMatch(name::contains)) {
        names.add(name);
      }
    }
    return names;
  }

  private void clearGateway() throws IOException {
    for (String name : onGateway("function")) {
      var body = Json.object().put("functionName", name);
      platformAnswer("DELETE", "/system/functions", Json.text(body));
    }
    for (String name : onGateway("secret")) {
      platformAnswer("DELETE", "/system/secrets", Json.text(Json.object().put("name", name)));
    }
  }

  /** Where the platform keeps a secret. */
  Path secret(String name) {
    return folder.resolve("platform/platform/secrets").resolve(name);
  }

  /** A file that the builder can read. */
  Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    if (openfaas.platform() == null) {
      try {
        clearGateway();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    gateway.close();
    openfaas.close();
    client.close();
    privateRegistry.close();
    redis.close();
    cache.close();
    search.close();
    servers.forEach(RedisServer::close);
  }
}
