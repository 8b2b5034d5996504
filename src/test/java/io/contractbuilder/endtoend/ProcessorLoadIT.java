package io.contractbuilder.endtoend;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks over contracts by processors of which one is killed each second and started again;
 * meanwhile Redis and the gateway crash twice each. {@code -Dprocessor.contracts}, {@code
 * -Dprocessor.kills} and {@code -Dprocessor.seed} change the size and repeat a run; {@code
 * bench/process} is the whole of it, {@code bench/scale} compares numbers of processes.
 */
class ProcessorLoadIT {
  private final long seed = Long.getLong("processor.seed", System.nanoTime() % 100_000);

  @Test
  void nothingIsLostAndNothingDoneTwiceWhileProcessesAreKilled(@TempDir Path folder)
      throws IOException, InterruptedException {
    System.out.println("ProcessorLoadIT: -Dprocessor.seed=" + seed);
    var size =
        new ProcessorLoad.Size(
            Integer.getInteger("processor.contracts", 20),
            Integer.getInteger("processor.processes", 2),
            2,
            Integer.getInteger("processor.kills", 12),
            Duration.ofSeconds(Integer.getInteger("processor.limit", 240)));
    try (var bench = new ProcessorBench(folder)) {
      var load = new ProcessorLoad(bench, size, seed, true);
      load.run();
      load.check();
    }
  }
}
