package io.contractbuilder.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.storage.ContractLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileContractLockTest {
  private static final ContractId ONE = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  private static final ContractId OTHER = new ContractId("9f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void oneAtATimeHasAContract() throws Exception {
    try (var _ = acquire(ONE, AT_ONCE)) {
      assertThat(lock().acquire(ONE, Duration.ofMillis(30))).isNull();
      try (var other = acquire(OTHER, AT_ONCE)) {
        assertThat(other).isNotNull();
      }
    }
    acquire(ONE, AT_ONCE).close();
  }

  @Test
  void whoWaitsGoesOnWhenTheOtherEnds() throws Exception {
    try (var threads = Executors.newSingleThreadExecutor()) {
      ContractLock.Held first = acquire(ONE, AT_ONCE);
      var second =
          threads.submit(
              () -> {
                acquire(ONE, LONG).close();
                return true;
              });
      first.close();
      assertThat(second.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

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

  private ContractLock lock() {
    return new FileContractLock(folder.resolve("."));
  }

  private ContractLock.Held acquire(ContractId id, Duration limit) throws InterruptedException {
    return Objects.requireNonNull(lock().acquire(id, limit), "the lock is not to be had");
  }
}
