package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.ChainBench.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.ChainBench.User;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import io.contractbuilder.scheduler.redis.ChainScheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code doctor} in a chain whose parts were made to disagree. Other tests' images are on the same
 * registry: what is said of them is passed over, and that they are left alone is a part of it.
 */
@NeedsRoot
class DoctorIT extends ChainTest {
  private final String id = UUID.randomUUID().toString();
  private final String gone = UUID.randomUUID().toString();
  private final String broken = UUID.randomUUID().toString();

  private Storage storage = Storage.DISK;

  /** On the local platform, as all that a gateway has is compared: others' may be on a real one. */
  @Override
  ChainBench bench(Path folder) throws IOException, InterruptedException {
    return new ChainBench(folder, PrivateRegistry.overTls());
  }

  @ParameterizedTest
  @EnumSource
  void whatDisagreesIsFoundAndMendedAndTheContractServesAgain(Storage where) throws IOException {
    storage = where;
    bench.clear(storage);
    var webserver = new Webserver(bench, storage, id, "currency");
    webserver.startChain();
    ObjectNode event =
        webserver.create(
            fields -> {
              fields.put("seconds", 30);
              fields.set("secrets", Webserver.object(Map.of("api-token", "s3cr3t")));
            });
    Ended created = bench.run(storage, User.ROOT, Map.of("EVENT", Json.text(event)));
    assertThat(created.code()).as(created.all()).isZero();
    new ChainScheduler(bench.redis).carryOutAll();
    assertThat(doctor(0)).isEmpty();

    breakTheContract(webserver);
    leaveThingsOver();

    List<String> found = doctor(1);
    assertThat(found)
        .containsExactlyInAnyOrder(
            "key_not_told left",
            "function_astray left",
            "not_indexed left",
            "not_scheduled left",
            "left_function left",
            "left_secret left",
            "left_document left",
            "left_schedule left",
            "left_key left");

    // What a job holds is passed over.
    bench.redis.set("contract-builder:lock:" + id, "somebody 1");
    assertThat(doctor(3, "--repair"))
        .containsExactlyInAnyOrder(
            "passed_over contract " + id,
            "left_function repaired",
            "left_secret repaired",
            "left_document repaired",
            "left_schedule repaired",
            "left_key repaired");
    assertThat(functions()).isEmpty();
    bench.redis.del("contract-builder:lock:" + id);

    assertThat(doctor(0, "--repair"))
        .containsExactlyInAnyOrder(
            "key_not_told repaired",
            "function_astray repaired",
            "not_indexed repaired",
            "not_scheduled repaired");
    new ChainScheduler(bench.redis).carryOutAll();
    assertThat(doctor(0)).isEmpty();
    assertThat(functions()).containsExactly("contract-" + id);
    assertThat(bench.redis.hkeys("scheduler:params")).containsExactly(id);
    byte[] answer = bench.platformAnswer("POST", "/function/contract-" + id, "hello");
    assertThat(Json.read(answer).path("stdin").asText()).isEqualTo("hello");
    damage();
    assertThat(doctor(1, "--repair")).containsExactly("damaged_metadata left");
    assertTheJobSaysWhatIsDamaged();
  }

  private void breakTheContract(Webserver webserver) throws IOException {
    String name = "contract-" + id;
    bench.platformAnswer(
        "DELETE", "/system/functions", Json.text(Json.object().put("functionName", name)));
    bench.platformAnswer(
        "DELETE",
        "/system/secrets",
        Json.text(Json.object().put("name", "sc-" + id + "-secret-key")));
    bench.redis.del("scheduler:params");
    Webserver.send(bench.search, "FT.DEL", "sc", id, "DD");
    assertThat(webserver.state()).isEqualTo("active");
  }

  private void leaveThingsOver() throws IOException {
    var spec =
        (ObjectNode)
            Json.read(
                Files.readAllBytes(
                    bench.objects(storage).resolve("SMARTCONTRACT/" + id + "/faas_spec.json")));
    spec.put("service", "contract-" + gone).putArray("secrets");
    bench.platformAnswer("POST", "/system/functions", Json.text(spec));
    bench.platformAnswer(
        "POST",
        "/system/secrets",
        Json.text(Json.object().put("name", "sc-" + gone + "-token").put("value", "x")));
    Webserver.send(bench.search, "FT.ADD", "sc", gone, "1.0", "FIELDS", "sc_name", "gone");
    bench.redis.hset(
        "scheduler:params",
        gone,
        "{\"contract_id\":\""
            + gone
            + "\",\"txn_type\":\"gone\",\"execution_order\":\"serial\",\"cron\":null,"
            + "\"seconds\":9}");
    object("KEYS/SC_ABCDEFGHIJKL", "{}");
  }

  private void damage() throws IOException {
    object("SMARTCONTRACT/" + broken + "/metadata.json", "{\"dcrn\":\"SmartContr");
  }

  private void assertTheJobSaysWhatIsDamaged() throws IOException {
    ObjectNode event = new Webserver(bench, storage, broken, "broken").task("delete");
    Ended ended = bench.run(storage, User.ROOT, Map.of("EVENT", Json.text(event)));
    assertThat(ended.code()).as(ended.all()).isEqualTo(1);
    assertThat(ended.all()).contains("SMARTCONTRACT/" + broken, "it is damaged", "doctor");
  }

  private void object(String key, String value) throws IOException {
    Path file = bench.objects(storage).resolve(key);
    Files.createDirectories(file.resolveSibling(""));
    Files.write(file, utf8(value));
  }

  private List<String> functions() throws IOException {
    var names = new ArrayList<String>();
    Json.read(bench.platformAnswer("GET", "/system/functions", ""))
        .forEach(function -> names.add(function.path("name").asText()));
    return names;
  }

  /** The findings about what this test made; with a code of 1 where there are others. */
  private List<String> doctor(int code, String... more) throws IOException {
    var command =
        new ArrayList<>(
            List.of(Launched.project().resolve("contract-builder").toString(), "doctor", "--json"));
    command.addAll(List.of(more));
    Ended ended;
    try (Launched launched = Launched.startCommand(command, bench.environment(storage))) {
      ended = launched.ended();
    }
    var findings = new ArrayList<String>();
    boolean others = false;
    for (String line : ended.out().lines().toList()) {
      JsonNode finding = Json.read(line.getBytes(StandardCharsets.UTF_8));
      if (finding.path("kind").asText().equals("left_image")) {
        others = true;
        assertThat(finding.path("end").asText()).isEqualTo("left");
      } else if (finding.path("kind").asText().equals("passed_over")) {
        findings.add("passed_over " + finding.path("subject").asText());
      } else {
        findings.add(finding.path("kind").asText() + " " + finding.path("end").asText());
      }
    }
    assertThat(ended.code()).as(ended.all()).isEqualTo(others ? 1 : code);
    assertThat(ended.all()).doesNotContain("s3cr3t");
    return findings;
  }
}
