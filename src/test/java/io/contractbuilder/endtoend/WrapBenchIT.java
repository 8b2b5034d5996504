package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.contractbuilder.endtoend.Launched.Ended;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The benchmark of the wrap runs: what it measures on this machine is no matter of a test. It takes
 * minutes.
 */
@Timeout(600)
class WrapBenchIT {
  @Test
  void benchPrintsARowForEachComparison() throws Exception {
    assumeThat(System.getenv("CONTRACT_BUILDER_VERIFY"))
        .as("CONTRACT_BUILDER_VERIFY: the benchmark takes minutes")
        .isEqualTo("long");
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
