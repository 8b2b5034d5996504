package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code check} and {@code config} in a chain's environment. */
class PartChecksIT extends ChainTest {
  private static final String NOBODY = "127.0.0.1:1";

  @BeforeAll
  void empty() throws IOException {
    bench.clear(Storage.DISK);
  }

  private Ended run(Storage storage, Map<String, String> more, String... arguments)
      throws IOException {
    var command =
        new ArrayList<>(List.of(Launched.project().resolve("contract-builder").toString()));
    command.addAll(List.of(arguments));
    var environment = bench.environment(storage);
    environment.putAll(more);
    try (Launched launched = Launched.startCommand(command, environment)) {
      return launched.ended();
    }
  }

  @Test
  void everyPartOfAChainOnADiskAnswersWithItsVersion() throws IOException {
    Ended ended = run(Storage.DISK, Map.of(), "check");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(ended.out().lines())
        .anyMatch(line -> line.matches("ok +queues +Redis \\d+\\.\\d+.*"))
        .anyMatch(line -> line.matches("ok +cache +Redis \\d+\\.\\d+.*"))
        .anyMatch(line -> line.matches("ok +search +.*\\d+\\.\\d+.*"))
        .anyMatch(line -> line.matches("ok +storage +folder /.*read and written"))
        .anyMatch(line -> line.matches("ok +registry +" + bench.registry + ".*"))
        .anyMatch(line -> line.matches("ok +gateway +OpenFaaS, [a-z-]+( \\S+)? on [a-z]+.*"))
        .anyMatch(line -> line.matches("ok +chain +public id [1-9A-HJ-NP-Za-km-z]{43,44}"))
        .anyMatch(line -> line.matches("ok +ledger +.*"))
        .anyMatch(line -> line.matches("ok +watchdog +.*"))
        .noneMatch(line -> line.startsWith("FAILED"));
    assertThat(bench.objects(Storage.DISK).resolve("CONTRACT_BUILDER/CHECK"))
        .satisfiesAnyOf(
            path -> assertThat(path).doesNotExist(), path -> assertThat(path).isEmptyDirectory());
  }

  @Test
  void aBucketAndARegistryWithTokensAnswer() throws IOException {
    byte[] password =
        Json.write(Json.object().put("registry-password", part("PARTS_REGISTRY_V3_PASSWORD")));
    var tokens =
        Map.of(
            "FAAS_REGISTRY", part("PARTS_REGISTRY_V3"),
            "REGISTRY_USERNAME", part("PARTS_REGISTRY_V3_USER"),
            "SECRET_LOCATION", bench.file("tokens.json", password).toString());

    Ended ended = run(Storage.S3, tokens, "check");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(ended.out().lines())
        .anyMatch(line -> line.matches("ok +storage +S3 .*read and written"))
        .anyMatch(line -> line.matches("ok +registry +" + part("PARTS_REGISTRY_V3") + ".*"));
  }

  @Test
  void aPartThatIsAwaySaysWhatToDoAndTheOthersAnswer() throws IOException {
    assertAway(
        Map.of(
            "REDIS_ENDPOINT", NOBODY,
            "REDISEARCH_ENDPOINT", NOBODY,
            "FAAS_REGISTRY", NOBODY),
        Set.of("queues", "search", "registry"),
        Set.of("cache", "storage", "gateway", "watchdog"));
  }

  @Test
  void theOtherPartsDoSoToo() throws IOException {
    assertAway(
        Map.of(
            "LRU_REDIS_ENDPOINT",
            NOBODY,
            "STORAGE_LOCATION",
            "/dev/null/none",
            "FAAS_GATEWAY",
            "http://" + NOBODY),
        Set.of("cache", "storage", "gateway"),
        Set.of("queues", "search", "registry", "watchdog"));
  }

  private void assertAway(Map<String, String> settings, Set<String> away, Set<String> there)
      throws IOException {
    Ended ended = run(Storage.DISK, settings, "check");

    assertThat(ended.code()).as(ended.all()).isEqualTo(1);
    assertThat(ended.err()).doesNotContain("defect of the program");
    var said = new TreeMap<String, String>();
    String last = "";
    for (String line : ended.out().lines().toList()) {
      if (line.startsWith(" ")) {
        said.merge(last, "\n" + line, String::concat);
      } else {
        last = line.split(" +", -1)[1];
        said.put(last, line);
      }
    }
    for (String name : away) {
      assertThat(said.get(name)).as(ended.all()).startsWith("FAILED").contains("→ ");
    }
    for (String name : there) {
      assertThat(said.get(name)).as(ended.all()).startsWith("ok");
    }
  }

  @Test
  void configSaysEveryOriginAndMasksSecrets() throws IOException {
    Ended ended = run(Storage.S3, Map.of("LOG_LEVEL", "debug"), "config", "--json");

    assertThat(ended.code()).as(ended.all()).isZero();
    JsonNode settings = Json.read(ChainBench.utf8(ended.out()));
    assertThat(settings.path("LOG_LEVEL").path("origin").asText()).isEqualTo("environment");
    assertThat(settings.path("CONTRACT_BUILDER_LEDGER").path("origin").asText())
        .isEqualTo("follows from REDIS_ENDPOINT");
    for (String secret : List.of("the registry's password", "the chain's private key")) {
      assertThat(settings.path(secret).path("value").asText()).as(secret).isEqualTo("***");
    }
    assertThat(ended.all())
        .doesNotContain(
            part("PARTS_REGISTRY_TLS_PASSWORD"), part("PARTS_S3_SECRET"), ChainBench.PRIVATE_KEY);
  }
}
