package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.contractbuilder.endtoend.Launched.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The benchmarks of the wrap run: what they measure on this machine is no matter of a test. They
 * take minutes.
 */
@Timeout(600)
class WrapBenchIT {
  @Test
  void benchPrintsARowForEachComparison() throws Exception {
    try (Launched launched = bench("wrap", "1", "1")) {
      Ended ended = launched.ended();

      assertThat(ended.code()).as(ended.all()).isZero();
      assertThat(ended.out().lines().filter(line -> line.contains("| crane |"))).hasSize(9);
      assertThat(ended.out().lines().filter(line -> line.contains("| buildah |"))).hasSize(1);
      assertThat(ended.out()).contains("wraps/s").contains("1 pairs");
    }
  }

  @Test
  void innerPartsAreMeasured() throws Exception {
    try (Launched launched = bench("inner", "-wi", "0", "-i", "1", "-r", "1", "-f", "1")) {
      Ended ended = launched.ended();

      assertThat(ended.code()).as(ended.all()).isZero();
      assertThat(ended.out().lines().filter(line -> line.endsWith("us/op"))).hasSizeGreaterThan(3);
    }
  }

  private static Launched bench(String name, String... arguments) throws Exception {
    assumeThat(System.getenv("CONTRACT_BUILDER_VERIFY"))
        .as("CONTRACT_BUILDER_VERIFY: the benchmark takes minutes")
        .isEqualTo("long");
    Bench.part("PARTS_BIN");
    List<String> command = new ArrayList<>();
    command.add(Launched.project().resolve("bench").resolve(name).toString());
    command.addAll(List.of(arguments));
    return Launched.startCommand(
        command, Map.of("PATH", System.getenv("PATH"), "HOME", System.getenv("HOME")));
  }
}
