package io.contractbuilder.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.storage.ContractLock;
import io.contractbuilder.storage.ContractLockConformance;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileContractLockTest extends ContractLockConformance {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void anotherProcessIsKeptOutAlsoAfterAFailedTryInThisOne() throws Exception {
    try (var _ = acquire(ONE, AT_ONCE)) {
      assertThat(lock().acquire(ONE, AT_ONCE)).isNull();
      assertThat(otherProcess()).isEqualTo("busy");
    }
    assertThat(otherProcess()).isEqualTo("free");
  }

  private String otherProcess() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    try (var output = process.inputReader()) {
      String answer = output.readLine();
      process.waitFor();
      return String.valueOf(answer);
    }
  }

  /** Says whether it could have the lock. */
  static final class OtherProcess {
    private OtherProcess() {}

    static void main(String[] args) throws InterruptedException {
      var held = new FileContractLock(Path.of(args[0])).acquire(ONE, AT_ONCE);
      System.out.println(held == null ? "busy" : "free");
    }
  }

  @Override
  protected ContractLock lock() {
    return new FileContractLock(folder.resolve("."));
  }
}
