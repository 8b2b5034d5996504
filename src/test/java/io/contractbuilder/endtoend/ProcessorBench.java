package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway;
import io.contractbuilder.openfaas.HttpFunctionGateway;
import io.contractbuilder.openfaas.ListedFunction;
import io.contractbuilder.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/**
 * A chain with a queue for processors: a Redis of its own, a registry, and a gateway that is played
 * or a platform that runs functions.
 */
final class ProcessorBench implements AutoCloseable {
  static final String TASKS = "mq:contract-task";
  static final String DEAD_LETTERS = "contract-builder:dead-letter";
  private static final Duration AWAY = Duration.ofMillis(500);

  final RedisServer server;

  /** The one that is played. Nobody asks it where a platform runs functions. */
  final FaultyGateway gateway = FaultyGateway.faasNetes(100_000);

  private final Path folder;
  private final List<Launched> launched = new ArrayList<>();
  private final String images = part("PARTS_REGISTRY");
  private final Map<String, String> common = new HashMap<>();
  private URI uri = gateway.uri();
  private @Nullable Launched platform;

  /**
   * Starts the parts and pushes the customer's image.
   *
   * @param folder empty
   */
  ProcessorBench(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    server = RedisServer.start(Files.createDirectories(folder.resolve("redis")));
    ChainBench.skopeo(
        "copy",
        "--dest-tls-verify=false",
        Bench.image("noshell:1"),
        "docker://" + images + "/customer/processed:1");
    common.put("CONTRACT_BUILDER_STATE", folder.resolve("state").toString());
    common.put("STORAGE_LOCATION", folder.resolve("storage").toString());
    common.put("REDIS_ENDPOINT", "127.0.0.1:" + server.port());
    common.put("FAAS_GATEWAY", uri.toString());
    common.put("FAAS_REGISTRY", images);
    common.put("CONTRACT_BUILDER_PLAIN_HTTP", images);
    common.put("CONTRACT_BUILDER_ALLOWED_ADDRESSES", "127.0.0.1");
    common.put("CONTRACT_BUILDER_WATCHDOG", "builtin");
  }

  /** The same with a platform, whose functions run. */
  static ProcessorBench withPlatform(Path folder) throws IOException, InterruptedException {
    var bench = new ProcessorBench(folder);
    Path files = folder.resolve("state/platform");
    bench.uri = URI.create("http://127.0.0.1:" + RedisServer.freePort());
    bench.common.put("FAAS_GATEWAY", bench.uri.toString());
    bench.common.put("CONTRACT_BUILDER_GATEWAY_USER_FILE", files.resolve("user").toString());
    bench.common.put(
        "CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE", files.resolve("password").toString());
    bench.platform = bench.startPlatform();
    return bench;
  }

  private Launched startPlatform() throws IOException {
    String port = Integer.toString(uri.getPort());
    Launched started = Launched.start(common, "platform", "--port", port);
    started.awaitOnErr("The platform answers");
    return started;
  }

  /** The gateway ends and comes back; a platform's functions with it. */
  void restartGateway() throws IOException {
    if (platform == null) {
      gateway.stop();
      LockSupport.parkNanos(AWAY.toNanos());
      gateway.start();
    } else {
      platform.close();
      platform = startPlatform();
    }
  }

  /** Redis crashes and comes back. */
  void restartRedis() {
    server.stop();
    LockSupport.parkNanos(AWAY.toNanos());
    server.start();
  }

  /** The chain's environment, with what is added. */
  Map<String, String> environment(Map<String, String> more) {
    var environment = new HashMap<>(common);
    environment.putAll(more);
    return environment;
  }

  /** Starts a processor. */
  Launched start(Map<String, String> more, int workers) throws IOException {
    Launched started =
        Launched.start(environment(more), "process", "--workers", Integer.toString(workers));
    launched.add(started);
    return started;
  }

  /** Starts a processor as a container does. */
  Launched startByScript(Map<String, String> more, int workers) throws IOException {
    var environment = environment(more);
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    String script = Launched.project().resolve("entrypoints/contract_job_processor.sh").toString();
    Launched started =
        Launched.startCommand(
            List.of("sh", script, "--workers", Integer.toString(workers)), environment);
    launched.add(started);
    return started;
  }

  /** Runs another command to its end. */
  Launched.Ended run(String... arguments) throws IOException {
    return Launched.run(environment(Map.of()), arguments);
  }

  /** Pushes tasks as the webserver does. */
  void push(ObjectNode... events) {
    try (var chain = server.client()) {
      for (ObjectNode event : events) {
        chain.lpush(TASKS, Json.text(event));
      }
    }
  }

  /** A create whose command is one word. */
  ObjectNode create(String id, String type, String command) {
    ObjectNode event = task("create", id, type);
    event.put("image", images + "/customer/processed:1").put("cmd", command);
    event.put("execution_order", "serial");
    return event;
  }

  /** An update of the command alone. */
  static ObjectNode update(String id, String type, String command) {
    return task("update", id, type).put("cmd", command);
  }

  static ObjectNode task(String action, String id, String type) {
    ObjectNode event = Json.object();
    event.put("version", "1").put("task_type", action).put("txn_type", type).put("id", id);
    for (String field :
        List.of("auth", "image", "cmd", "secrets", "env", "cron", "seconds", "execution_order")) {
      event.putNull(field);
    }
    event.putArray("args");
    return event;
  }

  /** What was ledgered of each type, in order: {@code action entrypoint}. */
  Map<String, List<String>> ledgered() throws IOException {
    var ledgered = new TreeMap<String, List<String>>();
    for (String transaction : server.pushed("dc:tx:incoming")) {
      String text = Json.read(transaction.getBytes(UTF_8)).path("payload").asText();
      JsonNode payload = Json.read(text.getBytes(UTF_8));
      ledgered
          .computeIfAbsent(payload.path("txn_type").asText(), type -> new ArrayList<>())
          .add(
              payload.path("action").asText() + ' ' + payload.path("contract_entrypoint").asText());
    }
    return ledgered;
  }

  /** Whether nothing waits and nothing runs. */
  boolean isIdle() {
    try (Jedis client = server.client()) {
      return client.llen(TASKS) == 0
          && !client.exists("contract-builder:queue:busy")
          && client.keys("contract-builder:queue:held:*").isEmpty();
    }
  }

  long deadLetters() {
    try (Jedis client = server.client()) {
      return client.zcard(DEAD_LETTERS);
    }
  }

  /** The functions that the gateway has. */
  List<String> functions() throws IOException {
    try (HttpFunctionGateway client = client()) {
      return client.functions().stream().map(ListedFunction::name).toList();
    }
  }

  /** Deploys a function to the gateway that is played. */
  void deploy(HttpClient client, String spec) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri.resolve("/system/functions"))
            .POST(HttpRequest.BodyPublishers.ofString(spec))
            .build();
    assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(202);
  }

  /** What a contract's function answers to one call. */
  JsonNode invoke(String id, String input) throws IOException {
    try (HttpFunctionGateway client = client()) {
      return Json.read(client.invoke("contract-" + id, input.getBytes(UTF_8), Map.of()).body());
    }
  }

  private HttpFunctionGateway client() throws IOException {
    if (platform == null) {
      return new HttpFunctionGateway(uri, null, null);
    }
    Path files = folder.resolve("state/platform");
    var password = new Secret(Files.readString(files.resolve("password")).strip());
    return new HttpFunctionGateway(uri, Files.readString(files.resolve("user")).strip(), password);
  }

  /** What {@code doctor} says, but of images that other tests have on the same registry. */
  List<JsonNode> findings(Collection<String> contracts) throws IOException {
    Launched.Ended ended = run("doctor", "--json");
    var findings = new ArrayList<JsonNode>();
    for (String line : ended.out().lines().toList()) {
      JsonNode finding = Json.read(line.getBytes(UTF_8));
      String subject = finding.path("subject").asText();
      if (!finding.path("kind").asText().equals("left_image")
          || contracts.stream().anyMatch(subject::contains)) {
        findings.add(finding);
      }
    }
    assertThat(ended.code()).as(ended.all()).isIn(0, 1);
    return findings;
  }

  /** The contract's document; null if there is none. */
  @Nullable JsonNode metadata(String id) {
    Path file = folder.resolve("storage/SMARTCONTRACT/" + id + "/metadata.json");
    try {
      return Files.exists(file) ? Json.read(Files.readAllBytes(file)) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    launched.forEach(one -> one.process().destroyForcibly());
    launched.forEach(Launched::close);
    if (platform != null) {
      platform.close();
    }
    gateway.close();
    server.close();
  }
}
