package io.contractbuilder.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link ContractLock} does. */
public abstract class ContractLockConformance {
  protected static final ContractId ONE = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  protected static final ContractId OTHER = new ContractId("9f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  protected static final Duration AT_ONCE = Duration.ZERO;
  protected static final Duration LONG = Duration.ofSeconds(30);

  /** A new one; all of a test's are about the same contracts. */
  protected abstract ContractLock lock();

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
  void manyHaveItOneAfterAnother() throws Exception {
    var within = new AtomicInteger();
    Callable<Integer> job =
        () -> {
          try (var _ = acquire(ONE, LONG)) {
            int most = within.incrementAndGet();
            Thread.onSpinWait();
            within.decrementAndGet();
            return most;
          }
        };
    var jobs = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 12; i++) {
      jobs.add(job);
    }
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var most : threads.invokeAll(jobs)) {
        assertThat(most.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void whoIsInterruptedWaitsNoLonger() throws Exception {
    try (var _ = acquire(ONE, AT_ONCE)) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> lock().acquire(ONE, LONG)).isInstanceOf(InterruptedException.class);
    } finally {
      Thread.interrupted();
    }
  }

  protected final ContractLock.Held acquire(ContractId id, Duration limit)
      throws InterruptedException {
    return Objects.requireNonNull(lock().acquire(id, limit), "the lock is not to be had");
  }
}
