package io.contractbuilder.job;

import io.contractbuilder.image.TestWatchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * On the local platform's own parts. Their disk is memory where there is one of it: killed
 * processes lose nothing of either, and nothing waits for the machine's. Its containers are none
 * ({@link Sandbox}): all pairs of kills take thousands of deployments, and a real watchdog serves
 * for a second more when it is replaced, which makes it hours; {@link LocalKillsIT} does a part of
 * it with real ones.
 */
@SuppressWarnings("NullAway.Init")
class LocalKillsTest extends KilledJobs {
  private static Sandbox sandbox;
  private static LocalParts local;

  @BeforeAll
  static void start(@TempDir Path programs, @TempDir(factory = InMemory.class) Path state)
      throws IOException {
    sandbox = new Sandbox(programs);
    local =
        new LocalParts(
            state, "bwrap", Map.of("PARTS_BIN", sandbox.programs().toString()), TestWatchdog.BOTH);
  }

  @AfterAll
  static void stop() throws IOException {
    local.close();
    sandbox.close();
  }

  @Override
  Trial parts() {
    return local.clear();
  }

  @Override
  int most() {
    return LONG ? ALL : 4;
  }

  static final class InMemory implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      return Files.isWritable(MEMORY)
          ? Files.createTempDirectory(MEMORY, "kills")
          : Files.createTempDirectory("kills");
    }
  }
}
