package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.image;
import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.endtoend.Launched.Ended;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Parts that are not there, refuse, or hang: message, exit code, time, and what is left. */
class PartsDownIT {
  /** docs/exit-codes.md: a part that says nothing is given up within two minutes. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final String NOBODY = "127.0.0.1:1";

  @TempDir private static Path folder;
  private static Bench bench;
  private static CountingProxy gateway;

  /** Only where it is away: a real OpenFaaS could not pull through it. */
  private static CountingProxy registry;

  private static CountingProxy source;
  private static int contracts;

  private String type = "";
  private String id = "";

  @BeforeAll
  static void start() throws IOException {
    source = new CountingProxy(URI.create("http://" + part("PARTS_REGISTRY_V3_PLAIN")));
    String target = TestedGateway.registryOr(part("PARTS_REGISTRY"));
    registry = new CountingProxy(URI.create("http://" + target));
    bench = new Bench(folder, Map.of("FAAS_REGISTRY", target));
    gateway = bench.startCountedGateway();
  }

  @AfterAll
  static void stop() {
    if (bench != null) {
      bench.close();
    }
    if (gateway != null) {
      gateway.close();
    }
    if (registry != null) {
      registry.close();
    }
    if (source != null) {
      source.close();
    }
  }

  @BeforeEach
  void createContract() throws IOException {
    type = "down" + ++contracts;
    id = bench.done(create(type)).out().strip();
  }

  @AfterEach
  void partsAreBack() {
    for (CountingProxy proxy : List.of(gateway, registry, source)) {
      proxy.hang(request -> false);
      proxy.refuse(request -> false);
    }
  }

  private static String[] create(String type) {
    return new String[] {
      "create",
      "--type",
      type,
      "--image",
      image("noshell:1"),
      "--cmd",
      "/bin/answer",
      "--env",
      "RATE=1"
    };
  }

  @Test
  void aGatewayThatIsNotThere() throws IOException {
    failsEachAction(bench.gatewayAt(NOBODY), NOBODY, "Nothing listens there");
  }

  @Test
  void aGatewayThatRefuses() throws IOException {
    gateway.refuse(request -> true);
    failsEachAction(Map.of(), gateway.authority(), "503", "the part is down for the test");
  }

  @Test
  void aPrivateRegistryThatRefuses() throws IOException {
    registry.refuse(request -> true);
    failsEachAction(Map.of("FAAS_REGISTRY", registry.authority()), registry.authority(), "503");
  }

  /** Creates, updates and deletes with a part away, and finishes the delete with the part back. */
  private void failsEachAction(Map<String, String> settings, String... words) throws IOException {
    String other = type + "x";
    Ended created = bench.runWith(settings, create(other));
    assertFailure(created, 3, words);
    assertNothingMade(other);

    Ended updated =
        bench.runWith(settings, "update", type, "--image", image("static:1"), "--env", "RATE=2");
    assertFailure(updated, 3, words);
    assertThat(bench.metadata(id).path("status").path("state").asText()).isEqualTo("active");
    assertThat(bench.metadata(id).path("env").path("RATE").asText()).isEqualTo("1");

    Ended deleted = bench.runWith(settings, "delete", type);
    assertFailure(deleted, 3, words);
    assertThat(bench.metadata(id).path("status").path("state").asText()).isEqualTo("delete failed");

    partsAreBack();
    bench.done("delete", type);
    assertThat(bench.state().resolve("storage/SMARTCONTRACT/" + id)).doesNotExist();
    bench.done("delete", other);
    assertThat(bench.left()).noneMatch(name -> name.contains(id));
  }

  @EnabledIfEnvironmentVariable(
      named = "CONTRACT_BUILDER_VERIFY",
      matches = "long",
      disabledReason = "waits for half a minute: only in ./verify --long")
  @Test
  void aGatewayThatHangsIsGivenUp() throws IOException {
    gateway.hang(request -> request.startsWith("POST /system/") || request.startsWith("PUT /"));
    long start = System.nanoTime();
    Ended created = bench.run(create(type + "x"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
    assertFailure(created, 3, gateway.authority(), "took too long");
    assertNothingMade(type + "x");
  }

  @Test
  void aSourceRegistryThatHangsIsGivenUp() throws IOException {
    source.hang(request -> true);
    long start = System.nanoTime();
    Ended updated = bench.run("update", type, "--image", source.authority() + "/any:1");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
    assertFailure(updated, 3, source.authority(), "no answer within");
    assertThat(bench.invoke(type, "x").path("stdin").asText()).isEqualTo("x");
  }

  @Test
  void aJobThatTakesTooLongIsStoppedAndLeavesNothing() throws IOException {
    source.hang(request -> true);
    String other = type + "x";
    long start = System.nanoTime();
    Ended created =
        bench.runWith(
            Map.of("CONTRACT_BUILDER_TIMEOUT", "2s"),
            "create",
            "--type",
            other,
            "--image",
            source.authority() + "/any:1",
            "--cmd",
            "/bin/answer");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertFailure(created, 3, "did not end within 2 s", "CONTRACT_BUILDER_TIMEOUT");
    assertNothingMade(other);
  }

  @Test
  void aSourceRegistryThatIsNotThere() throws IOException {
    Ended updated = bench.run("update", type, "--image", NOBODY + "/any:1");
    assertFailure(updated, 3, NOBODY);
    assertThat(bench.invoke(type, "x").path("stdin").asText()).isEqualTo("x");
  }

  @Test
  void aStorageThatCannotBeWritten() throws IOException {
    // A file where the folder should be stops root as well.
    Path file = bench.file("not-a-folder", "");
    Ended created = bench.runWith(Map.of("STORAGE_LOCATION", file.toString()), create(type + "x"));
    assertThat(created.code()).as(created.all()).isIn(1, 3);
    assertThat(created.err()).contains(file.toString()).doesNotContain("defect of the program");
    assertThat(bench.run("list").out()).doesNotContain(type + "x");
  }

  private static void assertFailure(Ended ended, int code, String... words) {
    assertThat(ended.code()).as(ended.all()).isEqualTo(code);
    assertThat(ended.err()).contains(words).doesNotContain("defect of the program");
  }

  /** Nothing but the contract's metadata, which names nothing that was made. */
  private static void assertNothingMade(String name) throws IOException {
    for (String file : bench.left()) {
      if (file.endsWith("/metadata.json")) {
        String contract = file.split("/", -1)[2];
        JsonNode metadata = bench.metadata(contract);
        if (metadata.path("txn_type").asText().equals(name)) {
          assertThat(metadata.path("status").path("state").asText()).isEqualTo("error");
          assertThat(metadata.path("auth_key_id").asText("")).isIn("", "null");
          assertThat(bench.left()).filteredOn(other -> other.contains(contract)).hasSize(1);
          return;
        }
      }
    }
    throw new AssertionError("no metadata of " + name);
  }
}
