package io.contractbuilder.endtoend;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests in a chain's place, which is laid out once for them all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ChainTest {
  ChainBench bench;

  @BeforeAll
  void layOut(@TempDir Path folder) throws IOException, InterruptedException {
    bench = bench(folder);
  }

  ChainBench bench(Path folder) throws IOException, InterruptedException {
    return new ChainBench(folder);
  }

  @AfterAll
  void takeAway() {
    if (bench != null) {
      bench.close();
    }
  }
}
