package io.contractbuilder.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * On the local platform's own parts. Their disk is memory where there is one of it: killed
 * processes lose nothing of either, and nothing waits for the machine's.
 */
@SuppressWarnings("NullAway.Init")
class LocalKillsTest extends KilledJobs {
  private static LocalParts local;

  @BeforeAll
  static void start(@TempDir Path programs, @TempDir(factory = InMemory.class) Path state)
      throws IOException {
    local = new LocalParts(programs, state);
  }

  @AfterAll
  static void stop() throws IOException {
    local.close();
  }

  @Override
  Trial parts() {
    return local.clear();
  }

  @Override
  int sample() {
    return 20;
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
