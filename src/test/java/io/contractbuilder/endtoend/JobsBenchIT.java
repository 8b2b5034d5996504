package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.endtoend.ChainBench.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a Job adds beside its task, and how many Jobs one node does in a time: the same contracts
 * created by Jobs and by the processor itself, one at a time and several at a time.
 */
@Tag("kubernetes")
@NeedsRoot
@EnabledIfSystemProperty(
    named = "jobs.contracts",
    matches = "\\d+",
    disabledReason = "a measurement: bench/jobs")
class JobsBenchIT {
  private static final int CONTRACTS = Integer.getInteger("jobs.contracts", 1);
  private static final int ALONE = 5;

  @Test
  void jobsBesideTasksInTheProcessor(@TempDir Path folder) throws Exception {
    try (var chart = new InstalledChart(folder)) {
      new Webserver(chart.bench, Storage.S3, UUID.randomUUID().toString(), "none").startChain();
      for (String mode : List.of("kubernetes", "process")) {
        chart.install("--set", "launch.mode=" + mode, "--set", "workers=" + CONTRACTS);
        // The first one brings the image's layers, and warms the processor.
        alone(chart);
        var alone = new ArrayList<Double>();
        for (int i = 0; i < ALONE; i++) {
          alone.add(alone(chart));
        }
        alone.sort(null);
        double together = create(chart, CONTRACTS);
        System.out.printf(
            Locale.ROOT,
            "JobsBenchIT: launch.mode=%s: one create at a time %.2f s (median of %d, %.2f to %.2f);"
                + " %d at a time %.2f s, %.2f a second%n",
            mode,
            alone.get(ALONE / 2),
            ALONE,
            alone.getFirst(),
            alone.getLast(),
            CONTRACTS,
            together,
            CONTRACTS / together);
      }
    }
  }

  private static double alone(InstalledChart chart) throws IOException {
    return create(chart, 1);
  }

  /** Seconds from the push of so many creates until all are done. */
  private static double create(InstalledChart chart, int count) throws IOException {
    var ids = new ArrayList<String>();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      String id = UUID.randomUUID().toString();
      ids.add(id);
      var webserver = new Webserver(chart.bench, Storage.S3, id, "m" + id.substring(0, 8));
      chart.push(webserver.create(event -> {}));
    }
    Bench.await("all are created", chart::isIdle);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(chart.bench.redis.zcard("contract-builder:dead-letter")).isZero();
    assertThat(chart.bench.onGateway("function"))
        .containsAll(ids.stream().map(InstalledChart::name).toList());
    return took.toMillis() / 1000.0;
  }
}
