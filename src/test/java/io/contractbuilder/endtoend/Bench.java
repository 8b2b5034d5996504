package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A state folder, a local platform on it or the real OpenFaaS that {@code ./verify --gateway URL
 * --registry HOST:PORT} names, and commands with the same environment.
 */
final class Bench implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private @Nullable Launched platform;
  private @Nullable TestedGateway gateway;

  /**
   * A bench without a platform yet.
   *
   * @param folder empty; the state and the input files go there
   */
  Bench(Path folder, Map<String, String> settings) {
    this.folder = folder;
    environment.put("CONTRACT_BUILDER_STATE", state().toString());
    environment.putAll(settings);
  }

  /** What {@code parts/run} exports; the test is skipped where it does not run. */
  static String part(String variable) {
    String value = System.getenv(variable);
    assumeThat(value).as(variable + " is not set: run under parts/run").isNotNull();
    return value;
  }

  /** An image that {@code parts/} made, as a source. */
  static String image(String name) {
    return "oci:" + part("PARTS_IMAGES") + "/" + name;
  }

  Launched startPlatform() throws IOException {
    Launched started = Launched.start(environment, "platform");
    platform = started;
    started.awaitOnErr("The platform answers");
    return started;
  }

  /**
   * The OpenFaaS that commands deploy to; a real one is given to them with its registry, which it
   * pulls from alone.
   */
  TestedGateway startGateway() throws IOException {
    TestedGateway started = TestedGateway.open(state(), environment);
    gateway = started;
    if (TestedGateway.isReal()) {
      environment.put("FAAS_REGISTRY", TestedGateway.registry());
      useGateway(started.url().getAuthority());
    }
    return started;
  }

  /** The gateway behind a proxy of its own, which the caller closes. */
  CountingProxy startCountedGateway() throws IOException {
    var proxy = new CountingProxy(startGateway().url());
    useGateway(proxy.authority());
    return proxy;
  }

  private void useGateway(String authority) throws IOException {
    environment.putAll(gatewayAt(authority));
  }

  /** Settings for the gateway with another address. */
  Map<String, String> gatewayAt(String authority) throws IOException {
    TestedGateway started = Objects.requireNonNull(gateway);
    return Map.of(
        "FAAS_GATEWAY", "http://" + authority,
        "CONTRACT_BUILDER_GATEWAY_USER_FILE", file("gateway-user", started.user()).toString(),
        "CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE",
            file("gateway-password", started.password()).toString());
  }

  /** Processes that the tests started for the gateway: none of a real one. */
  List<Process> gatewayProcesses() {
    Launched started = gateway == null ? null : gateway.platform();
    return started == null ? List.of() : List.of(started.process());
  }

  Path state() {
    return folder.resolve("state");
  }

  Map<String, String> environment() {
    return environment;
  }

  /** A command with settings of its own beside the bench's. */
  Launched start(Map<String, String> more, String... arguments) throws IOException {
    var all = new HashMap<>(environment);
    all.putAll(more);
    return Launched.start(all, arguments);
  }

  Ended run(String... arguments) throws IOException {
    return Launched.run(environment, arguments);
  }

  Ended runWith(Map<String, String> more, String... arguments) throws IOException {
    var all = new HashMap<>(environment);
    all.putAll(more);
    return Launched.run(all, arguments);
  }

  /** A command that has to succeed. */
  Ended done(String... arguments) throws IOException {
    Ended ended = run(arguments);
    assertThat(ended.code()).as(String.join(" ", arguments) + "\n" + ended.all()).isZero();
    return ended;
  }

  /** An input file. */
  Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  JsonNode invoke(String contract, String input) throws IOException {
    return Json.read(
        done("invoke", contract, "--data", input).out().getBytes(StandardCharsets.UTF_8));
  }

  JsonNode metadata(String id) throws IOException {
    return Json.read(
        Files.readAllBytes(state().resolve("storage/SMARTCONTRACT/" + id + "/metadata.json")));
  }

  /** All that a contract leaves in the state folder, but for journal and ledger. */
  List<String> left() throws IOException {
    var left = new ArrayList<String>();
    for (String place :
        List.of(
            "storage/SMARTCONTRACT",
            "storage/KEYS",
            "storage/TRANSACTION_TYPES",
            "schedules",
            "images/blobs",
            "platform/functions",
            "platform/secrets")) {
      Path path = state().resolve(place);
      if (Files.exists(path)) {
        try (Stream<Path> files = Files.walk(path)) {
          files
              .filter(Files::isRegularFile)
              .map(file -> state().relativize(file).toString())
              .forEach(left::add);
        }
      }
    }
    return left;
  }

  /** The ledgered payloads. */
  List<JsonNode> ledger() throws IOException {
    Path file = state().resolve("ledger.jsonl");
    var payloads = new ArrayList<JsonNode>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String payload = Json.read(line.getBytes(StandardCharsets.UTF_8)).path("payload").asText();
        payloads.add(Json.read(payload.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return payloads;
  }

  List<String> actions() throws IOException {
    return ledger().stream().map(payload -> payload.path("action").asText()).toList();
  }

  /** What a command said of a step, on its log lines. */
  static String step(Ended ended, String step) throws IOException {
    for (String line : ended.err().lines().toList()) {
      JsonNode fields = Json.read(line.getBytes(StandardCharsets.UTF_8));
      if (fields.path("step").asText().equals(step)) {
        return fields.path("end").asText();
      }
    }
    throw new AssertionError("no step " + step + " in\n" + ended.err());
  }

  /** Waits for work that was begun; fails as the first of it that failed. */
  static void await(List<Future<?>> running) throws InterruptedException {
    for (Future<?> one : running) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      }
    }
  }

  /** Waits for something, within a minute. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      try {
        Thread.sleep(20); // between two looks
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    if (platform != null) {
      platform.close();
    }
    if (gateway != null) {
      if (TestedGateway.isReal()) {
        deleteContracts(gateway);
      }
      gateway.close();
    }
  }

  /** What a test left on somebody's gateway and registry. */
  private void deleteContracts(TestedGateway started) {
    try {
      environment.putAll(gatewayAt(started.url().getAuthority()));
      environment.put("FAAS_REGISTRY", TestedGateway.registry());
      Path contracts = state().resolve("storage/SMARTCONTRACT");
      if (Files.exists(contracts)) {
        try (Stream<Path> all = Files.list(contracts)) {
          for (Path contract : all.toList()) {
            run("delete", contract.getFileName().toString());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
