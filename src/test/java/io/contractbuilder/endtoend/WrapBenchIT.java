package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.endtoend.Launched.Ended;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of the wrap runs: what it measures on this machine is no matter of a test. */
@Timeout(180)
class WrapBenchIT {
  @Test
  void benchPrintsARowForEachComparison() throws Exception {
    Bench.part("PARTS_BIN");
    String bench = Launched.project().resolve("bench/wrap").toString();
    try (Launched launched =
        Launched.startCommand(
            List.of(bench, "1", "1"),
            Map.of("PATH", System.getenv("PATH"), "HOME", System.getenv("HOME")))) {
      Ended ended = launched.ended();

      assertThat(ended.code()).as(ended.all()).isZero();
      assertThat(ended.out().lines().filter(line -> line.contains("| crane |"))).hasSize(9);
      assertThat(ended.out().lines().filter(line -> line.contains("| buildah |"))).hasSize(1);
      assertThat(ended.out()).contains("wraps/s").contains("1 pairs");
    }
  }
}
