package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each action through the command line, as a process, on the local platform; or on the real
 * OpenFaaS that {@code ./verify --gateway URL --registry HOST:PORT} names.
 */
class EndToEndIT {
  private static final String SECRET = "cAnArY-in-the-secret";
  private static final String FIRST = "oci:dist/demo/image:1";
  private static final String SECOND = "oci:dist/demo/image:2";

  @TempDir private Path folder;
  private Map<String, String> environment = Map.of();
  private @Nullable Launched platform;

  @BeforeEach
  void startPlatform() throws IOException {
    environment = new HashMap<>();
    environment.put("CONTRACT_BUILDER_STATE", folder.resolve("state").toString());
    String real = System.getenv("PARTS_GATEWAY");
    if (real != null) {
      environment.put("FAAS_GATEWAY", real);
      environment.put("FAAS_REGISTRY", System.getenv("PARTS_GATEWAY_REGISTRY"));
      environment.put("CONTRACT_BUILDER_GATEWAY_USER_FILE", file("user", "OPENFAAS_USER"));
      environment.put("CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE", file("pass", "OPENFAAS_PASSWORD"));
      return;
    }
    platform = Launched.start(environment, "platform");
    platform.awaitOnErr("The platform answers");
  }

  private String file(String name, String variable) throws IOException {
    String value = Objects.requireNonNullElse(System.getenv(variable), "");
    return Files.writeString(folder.resolve(name), value).toString();
  }

  @AfterEach
  void stopPlatform() throws IOException {
    if (platform == null) {
      // What a test left on somebody's gateway.
      run("delete", "currency");
    } else {
      platform.close();
    }
  }

  private Ended run(String... arguments) throws IOException {
    return Launched.run(environment, arguments);
  }

  private String create(String... more) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), SECRET + "\n");
    var arguments =
        Stream.concat(
                Stream.of("create", "--type", "currency", "--image", FIRST, "--cmd"),
                Stream.concat(
                    Stream.of(
                        "/contract/currency",
                        "--arg=two words",
                        "--env",
                        "GREETING=hello",
                        "--secret",
                        "api-token=" + token),
                    Stream.of(more)))
            .toArray(String[]::new);
    Ended created = run(arguments);
    assertThat(created.code()).as(created.all()).isZero();
    assertThat(created.all()).doesNotContain(SECRET);
    return created.out().strip();
  }

  private JsonNode invoke(String input) throws IOException {
    Ended answered = run("invoke", "currency", "--data", input);
    assertThat(answered.code()).as(answered.all()).isZero();
    return Json.read(answered.out().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aContractIsCreatedUpdatedAndDeletedAndNothingIsLeft() throws IOException {
    String id = create("--every", "30");

    JsonNode answer = invoke("{\"amount\": 5}");
    assertThat(answer.path("version").asText()).isEqualTo("1.0.0");
    assertThat(answer.path("input").asText()).isEqualTo("{\"amount\": 5}");
    assertThat(answer.path("args").toString()).isEqualTo("[\"two words\"]");
    assertThat(answer.path("greeting").asText()).isEqualTo("hello");
    assertThat(answer.path("secretRead").asBoolean()).isTrue();
    assertThat(answer.path("user").asInt()).isEqualTo(1000);
    assertThat(run("list").out()).contains(id, "currency", "active");
    assertThat(run("show", "currency").out())
        .contains(id, "every 30 s", "1 of 1 replicas available");

    Ended updated = run("update", "currency", "--image", SECOND, "--unset-env", "GREETING");
    assertThat(updated.code()).as(updated.all()).isZero();
    answer = invoke("again");
    assertThat(answer.path("version").asText()).isEqualTo("2.0.0");
    assertThat(answer.path("greeting").asText()).isEmpty();
    assertThat(answer.path("secretRead").asBoolean()).isTrue();

    Ended deleted = run("delete", "currency");
    assertThat(deleted.code()).as(deleted.all()).isZero();
    assertThat(run("list").out()).doesNotContain(id);
    assertThat(left()).isEmpty();
    assertThat(ledger()).hasSize(3);
  }

  @Test
  void aSecretIsTakenAwayAndAScheduleGivenAndTakenAway() throws IOException {
    create("--cron", "*/5 * * * *");
    assertThat(run("show", "currency").out()).contains("*/5 * * * *");
    assertThat(invoke("x").path("secretRead").asBoolean()).isTrue();

    Ended updated =
        run("update", "currency", "--unset-secret", "api-token", "--cron", "0 12 * * 6");
    assertThat(updated.code()).as(updated.all()).isZero();
    assertThat(invoke("x").path("secretRead").asBoolean()).isFalse();
    assertThat(run("show", "currency").out())
        .contains("0 12 * * 6")
        .doesNotContain("api-token", "*/5");
    if (platform != null) {
      assertThat(left()).noneMatch(file -> file.endsWith("api-token"));
    }

    Ended unscheduled = run("update", "currency", "--no-schedule");
    assertThat(unscheduled.code()).as(unscheduled.all()).isZero();
    assertThat(run("show", "currency").out()).doesNotContain("0 12 * * 6");
    assertThat(left()).noneMatch(file -> file.contains("/schedules/"));
  }

  @Test
  void eventsInFilesCreateUpdateAndDelete() throws IOException {
    String id = UUID.randomUUID().toString();
    Ended created =
        runFile(
            "create",
            id,
            "\"image\":\""
                + FIRST
                + "\",\"cmd\":\"/contract/currency\",\"args\":[\"two words\"],"
                + "\"env\":{\"GREETING\":\"hello\"},\"secrets\":{\"api-token\":\""
                + SECRET
                + "\"},\"execution_order\":\"serial\"");
    assertThat(created.out().strip()).isEqualTo(id);
    JsonNode answer = invoke("x");
    assertThat(answer.path("greeting").asText()).isEqualTo("hello");
    assertThat(answer.path("secretRead").asBoolean()).isTrue();

    runFile("update", id, "\"image\":\"" + SECOND + "\",\"env\":{\"GREETING\":null}");
    answer = invoke("x");
    assertThat(answer.path("version").asText()).isEqualTo("2.0.0");
    assertThat(answer.path("greeting").asText()).isEmpty();

    runFile("delete", id, "\"existing_secrets\":[\"api-token\"]");
    assertThat(left()).isEmpty();
    assertThat(ledger()).hasSize(3);
  }

  /** The action of an event in a file, which has to succeed and to keep the secret. */
  private Ended runFile(String action, String id, String fields) throws IOException {
    String event =
        "{\"version\":\"1\",\"task_type\":\"%s\",\"txn_type\":\"currency\",\"id\":\"%s\",%s}"
            .formatted(action, id, fields);
    Path file = Files.writeString(folder.resolve(action + ".json"), event);
    Ended ended = run(action, "--file", file.toString());
    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(ended.all()).doesNotContain(SECRET);
    return ended;
  }

  @Test
  void anUpdateThatChangesNothingDoesNothingButLedger() throws IOException {
    create();
    String digest =
        run("show", "currency")
            .out()
            .lines()
            .filter(line -> line.startsWith("built image"))
            .findFirst()
            .orElseThrow();
    Ended updated = run("update", "currency", "--env", "GREETING=hello", "--image", FIRST);
    assertThat(updated.code()).as(updated.all()).isZero();
    assertThat(run("show", "currency").out()).contains(digest);
    assertThat(step(updated, "function")).isEqualTo("skipped");
  }

  @Test
  void anUpdateThatFailsLeavesTheFormerVersionAnswering() throws IOException {
    create();
    Ended updated = run("update", "currency", "--image", "oci:dist/demo/image:none");

    assertThat(updated.code()).as(updated.all()).isEqualTo(1);
    assertThat(updated.err()).contains("none");
    assertThat(invoke("still").path("version").asText()).isEqualTo("1.0.0");
    assertThat(run("list").out()).contains("active");
  }

  @Test
  void aMissingImageFailsAndLeavesNothingBehind() throws IOException {
    Ended created =
        run("create", "--type", "currency", "--image", "oci:dist/demo/image:none", "--cmd", "x");
    assertThat(created.code()).as(created.all()).isEqualTo(1);
    assertThat(created.err()).contains("none");
    assertThat(left().stream().filter(name -> !name.contains("metadata.json"))).isEmpty();
  }

  @Test
  void theSecretIsNowhereButWhereItBelongs() throws IOException {
    create();
    try (Stream<Path> files = Files.walk(folder.resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().contains("/platform/secrets/")) {
          assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(SECRET);
        }
      }
    }
  }

  /** What the action said of a step, on its log lines. */
  private static String step(Ended ended, String step) throws IOException {
    for (String line : ended.err().lines().toList()) {
      JsonNode fields = Json.read(line.getBytes(StandardCharsets.UTF_8));
      if (fields.path("step").asText().equals(step)) {
        return fields.path("end").asText();
      }
    }
    throw new AssertionError("no step " + step + " in\n" + ended.err());
  }

  private List<String> left() throws IOException {
    var left = new java.util.ArrayList<String>();
    for (String place :
        List.of(
            "storage/SMARTCONTRACT",
            "storage/KEYS",
            "schedules",
            "images/blobs",
            "platform/functions",
            "platform/secrets")) {
      Path path = folder.resolve("state").resolve(place);
      if (Files.exists(path)) {
        try (Stream<Path> files = Files.walk(path)) {
          files.filter(Files::isRegularFile).map(Path::toString).forEach(left::add);
        }
      }
    }
    return left;
  }

  private List<String> ledger() throws IOException {
    return Files.readAllLines(folder.resolve("state/ledger.jsonl"));
  }
}
