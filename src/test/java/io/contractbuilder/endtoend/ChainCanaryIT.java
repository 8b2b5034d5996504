package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/** In a chain's place, too, every secret is nowhere but where it belongs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChainCanaryIT {
  private static final String SECRET = "cAnArY0contract0secret0value";
  private static final String SECOND = "cAnArY0second0secret0value";

  /** The key is the chain's own affair, in its storage and what caches it. */
  private static final String KEYS = "KEYS/";

  private ChainBench bench;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException, InterruptedException {
    bench = new ChainBench(folder);
  }

  @AfterAll
  void stop() {
    if (bench != null) {
      bench.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void secretsAreNowhereButWhereTheyBelong(Storage storage) throws Exception {
    bench.clear(storage);
    var canaries = new Canaries();
    canaries.add("contract's secret", SECRET);
    canaries.add("contract's second secret", SECOND);
    canaries.add("chain's private key", ChainBench.PRIVATE_KEY);
    canaries.add(
        "registry's password",
        part("PARTS_REGISTRY_TLS_USER"),
        part("PARTS_REGISTRY_TLS_PASSWORD"));
    canaries.add("gateway's password", "admin", bench.gatewayPassword());
    canaries.add("S3's secret key", part("PARTS_S3_SECRET"));
    String id = UUID.randomUUID().toString();
    var webserver = new Webserver(bench, storage, id, "secretive");
    webserver.startChain();

    ObjectNode create =
        webserver.create(event -> event.putObject("secrets").put("api-token", SECRET));
    job(storage, canaries, create, 0);
    String keyId = webserver.metadata().path("auth_key_id").asText();
    String stored = Files.readString(bench.objects(storage).resolve(KEYS + keyId));
    String key = Json.read(ChainBench.utf8(stored)).path("key").asText();
    assertThat(key).hasSize(43);
    canaries.add("API key", key);
    assertThat(canaries.in(stored)).as("they would be found").isNotEmpty();
    assertInPlace(storage, canaries);

    ObjectNode update =
        webserver.update(
            event -> {
              event.putObject("secrets").put("api-token", SECOND);
              event.put("image", bench.customerImage("none"));
            });
    job(storage, canaries, update, 1);
    assertThat(ChainSnapshot.stored(bench.objects(storage)).keySet())
        .as("the failure was stored, too")
        .anyMatch(name -> name.startsWith("error_contract-job_"));
    assertInPlace(storage, canaries);

    job(storage, canaries, webserver.delete(), 0);
    assertInPlace(storage, canaries);
  }

  /** Runs the event with the lowest level of the log, and looks on. */
  private void job(Storage storage, Canaries canaries, ObjectNode event, int code)
      throws Exception {
    var more =
        Map.of("EVENT", Json.text(event), "LOG_LEVEL", "trace", "ERROR_REPORTING_TYPE", "storage");
    try (Launched job = bench.start(storage, ChainBench.User.UID_1000, List.of("sh"), more);
        var watch = canaries.watch(List.of(job.process()))) {
      Ended ended = job.ended();
      assertThat(canaries.in(ended.all())).as("on the output").isEmpty();
      assertThat(ended.code()).as(ended.all()).isEqualTo(code);
      assertThat(watch.processes()).isPositive();
      watch.assertNothingFound();
    }
  }

  private void assertInPlace(Storage storage, Canaries canaries) throws IOException {
    var found = new ArrayList<String>();
    ChainSnapshot.stored(bench.objects(storage))
        .forEach(
            (name, value) -> {
              if (!name.startsWith(KEYS)) {
                canaries.in(value).forEach(canary -> found.add(canary + " in storage " + name));
              }
            });
    for (Jedis redis : List.of(bench.redis, bench.cache, bench.search)) {
      ChainSnapshot.held(redis)
          .forEach(
              (name, value) -> {
                if (!name.startsWith("storage:" + KEYS)) {
                  canaries.in(value).forEach(canary -> found.add(canary + " in Redis " + name));
                }
              });
    }
    for (String call : bench.gateway.requests()) {
      canaries.in(call).forEach(canary -> found.add(canary + " in the call " + call));
    }
    assertThat(found).isEmpty();
  }
}
