package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From the chain's own processor to this one and back, in the order that docs/operators.md says.
 */
class UpgradeIT {
  private final String first = UUID.randomUUID().toString();
  private final String second = UUID.randomUUID().toString();
  private final String third = UUID.randomUUID().toString();

  @Test
  void noTaskIsLostOnTheWayToThisProcessorAndBack(@TempDir Path folder) throws Exception {
    try (var bench = new ProcessorBench(folder)) {
      var former = new FormerProcessor(bench);
      leaveWork(bench, former);

      // What comes while neither runs waits.
      bench.push(bench.create(third, "waits", "one"));
      Launched ours = bench.start(Map.of(), 2);
      await("this one has done all", () -> bench.isIdle() && former.pending() == 0);
      assertThat(bench.ledgered())
          .containsEntry("updated", List.of("create one", "update two"))
          .containsEntry("waits", List.of("create one"));
      assertThat(bench.ledgered().get("unsaid"))
          .as("done before and not said")
          .isSubsetOf("create one");
      for (String id : List.of(first, second, third)) {
        assertThat(state(bench, id)).as(id).isEqualTo("active");
      }
      assertThat(bench.deadLetters()).isZero();

      goBack(bench, former, ours);
    }
  }

  /** One contract is there; another is, too, but that is not said; a task is in hand. */
  private void leaveWork(ProcessorBench bench, FormerProcessor former) throws IOException {
    bench.push(bench.create(first, "updated", "one"));
    former.start();
    former.doAll();
    bench.push(
        bench.create(second, "unsaid", "one"), ProcessorBench.update(first, "updated", "two"));
    former.build(former.take());
    former.take();
    assertThat(former.pending()).isEqualTo(2);
  }

  private void goBack(ProcessorBench bench, FormerProcessor former, Launched ours)
      throws IOException, InterruptedException {
    ours.process().destroy();
    assertThat(ours.ended().code()).isZero();
    try (var chain = bench.server.client()) {
      assertThat(chain.keys("contract-builder:queue:*"))
          .as("nothing waits where the chain's own does not look")
          .noneMatch(key -> key.matches(".*:(task:|held:|waiting|busy|delayed).*"));
    }
    bench.push(
        ProcessorBench.update(first, "updated", "three"),
        ProcessorBench.task("delete", third, "waits").put("cmd", "one"));
    former.start();
    former.doAll();
    assertThat(former.pending()).isZero();
    JsonNode stored = bench.metadata(first);
    assertThat(stored).isNotNull();
    assertThat(stored.path("cmd").asText()).isEqualTo("three");
    assertThat(bench.metadata(third)).isNull();
    assertThat(bench.functions())
        .containsExactlyInAnyOrder("contract-" + first, "contract-" + second);
  }

  private static String state(ProcessorBench bench, String id) throws IOException {
    JsonNode stored = bench.metadata(id);
    return stored == null ? "" : stored.path("status").path("state").asText();
  }
}
