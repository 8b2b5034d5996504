package io.contractbuilder.contract;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time by which a job's limits and durations are measured: the machine's at the beginning, and
 * from there what has passed, so that a clock that is set meanwhile neither ends nor lengthens
 * anything.
 */
public final class SteadyClock implements InstantSource {
  private final Instant start = Instant.now();
  private final long nanos = System.nanoTime();

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - nanos);
  }
}
