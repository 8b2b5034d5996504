package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.await;
import static io.contractbuilder.endtoend.Bench.image;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The platform calls contracts by their schedules, and only while they are to be called. */
class ScheduleIT {
  @TempDir private Path folder;

  @Test
  void aScheduledContractIsInvokedUntilItIsMadeInactive() throws IOException {
    try (var bench = new Bench(folder, Map.of())) {
      bench.startPlatform();
      bench.done(
          "create",
          "--type",
          "ticking",
          "--image",
          image("static:1"),
          "--every",
          "1",
          "--cmd",
          "/bin/sh",
          "--arg=-c",
          "--arg=echo called-by-its-schedule >&2");
      await("three calls", () -> calls(bench) >= 3);
      bench.done("update", "ticking", "--inactive");
      assertThat(bench.left()).noneMatch(name -> name.startsWith("schedules/"));
      bench.done("update", "ticking", "--active");
      long before = calls(bench);
      await("calls again", () -> calls(bench) > before);
      bench.done("delete", "ticking");
      assertThat(bench.left()).isEmpty();
    }
  }

  private static long calls(Bench bench) {
    try {
      return bench
          .run("logs", "ticking")
          .all()
          .lines()
          .filter(line -> line.contains("called-by-its-schedule"))
          .count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
