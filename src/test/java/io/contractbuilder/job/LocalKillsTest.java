package io.contractbuilder.job;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** On the local platform's own parts, on a disk. */
@SuppressWarnings("NullAway.Init")
class LocalKillsTest extends KilledJobs {
  private static LocalParts local;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    local = new LocalParts(folder);
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
}
