package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.ChainBench.User;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The entry script in a chain's place: all that every kind of task leaves behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChainIT {
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

  @Test
  void createsWithSecretsAndSeconds() throws IOException {
    var scenario = new ChainScenario(bench, Storage.DISK, User.ROOT, "currency");
    scenario.create(
        event ->
            event
                .put("seconds", 30)
                .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                    "secrets", Webserver.object(Map.of("api-token", "s3cr3t")))
                .set("env", Webserver.object(Map.of("RATE", "3"))));
    assertThat(scenario.invoke("hello").path("stdin").asText()).isEqualTo("hello");
    scenario.delete();
    scenario.isAsIn("secrets-and-seconds");
  }
}
