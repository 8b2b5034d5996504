package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway;
import io.contractbuilder.redis.RedisServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.Jedis;

/**
 * A chain with a queue for processors: a Redis of its own, a registry, a gateway that is played.
 */
final class ProcessorBench implements AutoCloseable {
  static final String TASKS = "mq:contract-task";
  static final String DEAD_LETTERS = "contract-builder:dead-letter";

  final RedisServer server;
  final FaultyGateway gateway = FaultyGateway.faasNetes(1000);
  private final Path folder;
  private final List<Launched> launched = new ArrayList<>();
  private final String images = part("PARTS_REGISTRY");

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
  }

  /** The chain's environment, with what is added. */
  Map<String, String> environment(Map<String, String> more) {
    var environment = new HashMap<String, String>();
    environment.put("CONTRACT_BUILDER_STATE", folder.resolve("state").toString());
    environment.put("STORAGE_LOCATION", folder.resolve("storage").toString());
    environment.put("REDIS_ENDPOINT", "127.0.0.1:" + server.port());
    environment.put("FAAS_GATEWAY", gateway.uri().toString());
    environment.put("FAAS_REGISTRY", images);
    environment.put("CONTRACT_BUILDER_PLAIN_HTTP", images);
    environment.put("CONTRACT_BUILDER_ALLOWED_ADDRESSES", "127.0.0.1");
    environment.put("CONTRACT_BUILDER_WATCHDOG", "builtin");
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
  Launched startByScript(int workers) throws IOException {
    var environment = environment(Map.of());
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
  List<String> functions() throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      byte[] answer =
          client
              .send(
                  HttpRequest.newBuilder(gateway.uri().resolve("/system/functions")).build(),
                  HttpResponse.BodyHandlers.ofByteArray())
              .body();
      return Json.read(answer).valueStream().map(one -> one.path("name").asText()).toList();
    }
  }

  /** The contract's document; null if there is none. */
  @org.jspecify.annotations.Nullable
  JsonNode metadata(String id) throws IOException {
    Path file = folder.resolve("storage/SMARTCONTRACT/" + id + "/metadata.json");
    return Files.exists(file) ? Json.read(Files.readAllBytes(file)) : null;
  }

  @Override
  public void close() {
    launched.forEach(one -> one.process().destroyForcibly());
    launched.forEach(Launched::close);
    gateway.close();
    server.close();
  }
}
