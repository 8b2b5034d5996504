package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In a chain's place, too, every secret is nowhere but where it belongs. */
class ChainCanaryIT extends ChainTest {
  @ParameterizedTest
  @EnumSource
  void secretsAreNowhereButWhereTheyBelong(Storage storage) throws Exception {
    bench.clear(storage);
    var canaries = new ChainCanaries(bench);
    String id = UUID.randomUUID().toString();
    var webserver = new Webserver(bench, storage, id, "secretive");
    webserver.startChain();

    ObjectNode create =
        webserver.create(
            event -> event.putObject("secrets").put("api-token", ChainCanaries.SECRET));
    job(storage, canaries, create, 0);
    assertThat(webserver.metadata().path("auth_key_id").asText()).isNotEmpty();

    ObjectNode update =
        webserver.update(
            event -> {
              event.putObject("secrets").put("api-token", ChainCanaries.SECOND);
              event.put("image", bench.customerImage("none"));
            });
    job(storage, canaries, update, 1);
    assertThat(ChainSnapshot.stored(bench.objects(storage)).keySet())
        .as("the failure was stored, too")
        .anyMatch(name -> name.startsWith("error_contract-job_"));

    job(storage, canaries, webserver.delete(), 0);
  }

  /** Runs the event with the lowest level of the log, and looks on. */
  private void job(Storage storage, ChainCanaries canaries, ObjectNode event, int code)
      throws Exception {
    var more =
        Map.of("EVENT", Json.text(event), "LOG_LEVEL", "trace", "ERROR_REPORTING_TYPE", "storage");
    try (Launched job = bench.start(storage, ChainBench.User.UID_1000, List.of("sh"), more);
        var watch = canaries.all.watch(List.of(job.process()))) {
      Ended ended = job.ended();
      assertThat(ended.code()).as(ended.all()).isEqualTo(code);
      assertThat(watch.processes()).isPositive();
      watch.assertNothingFound();
      canaries.assertInPlace(storage, ended.all());
    }
  }
}
