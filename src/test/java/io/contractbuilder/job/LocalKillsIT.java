package io.contractbuilder.job;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contractbuilder.image.FolderWatchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** With real containers, in which the built-in watchdog runs: every kill, and some of the pairs. */
@EnabledIfEnvironmentVariable(
    named = "CONTRACT_BUILDER_VERIFY",
    matches = "long",
    disabledReason = "each kill starts containers: a part of verify --long")
@SuppressWarnings("NullAway.Init")
class LocalKillsIT extends KilledJobs {
  private static final Path WATCHDOG = Path.of("dist/watchdog/builtin").toAbsolutePath();

  private static LocalParts local;

  @BeforeAll
  static void start(@TempDir Path state) throws IOException {
    assumeTrue(Files.exists(WATCHDOG), "the watchdog is missing (./build)");
    assumeTrue(System.getenv("PARTS_BIN") != null, "bwrap is missing (parts/run brings it)");
    local =
        new LocalParts(
            state, "bwrap", System.getenv(), new FolderWatchdog("builtin", WATCHDOG, true));
  }

  @AfterAll
  static void stop() throws IOException {
    if (local != null) {
      local.close();
    }
  }

  @Override
  Trial parts() {
    return local.clear();
  }

  @Override
  int most() {
    return 5;
  }
}
