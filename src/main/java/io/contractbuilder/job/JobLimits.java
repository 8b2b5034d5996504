package io.contractbuilder.job;

import java.time.Duration;

/**
 * How long a job waits.
 *
 * @param readiness for a deployed function to answer
 * @param lock for another job of the same contract to end
 */
public record JobLimits(Duration readiness, Duration lock) {
  /** Two minutes and one. */
  public static final JobLimits DEFAULT =
      new JobLimits(Duration.ofMinutes(2), Duration.ofMinutes(1));
}
