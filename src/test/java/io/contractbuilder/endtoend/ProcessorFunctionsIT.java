package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same as in {@link ProcessorLoadIT} with contracts whose functions run: a platform that is
 * restarted stops them and starts them again, and in the end each answers as its last update made
 * it. {@code -Dprocessor.functions} and {@code -Dprocessor.kills} change the size.
 */
class ProcessorFunctionsIT {
  private final long seed = Long.getLong("processor.seed", System.nanoTime() % 100_000);

  @Test
  void functionsAnswerAsTheLastUpdatesMadeThem(@TempDir Path folder)
      throws IOException, InterruptedException {
    assumeThat(TestedGateway.isReal()).as("a real gateway is nothing to restart").isFalse();
    System.out.println("ProcessorFunctionsIT: -Dprocessor.seed=" + seed);
    var size =
        new ProcessorLoad.Size(
            Integer.getInteger("processor.functions", 3),
            2,
            2,
            Integer.getInteger("processor.kills", 3),
            Duration.ofSeconds(Integer.getInteger("processor.limit", 240)));
    try (var bench = ProcessorBench.withPlatform(folder)) {
      var load = new ProcessorLoad(bench, size, seed, false);
      load.run();
      load.check();
      for (ContractStory story : load.kept()) {
        story.checkAnswer(bench.invoke(story.id(), "hello"), "hello");
      }
    }
  }
}
