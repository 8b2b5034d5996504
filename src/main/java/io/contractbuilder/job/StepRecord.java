package io.contractbuilder.job;

import java.time.Duration;
import java.time.Instant;

/**
 * What became of one step.
 *
 * @param took to the millisecond
 * @param answer what failed; empty unless it did
 * @param remedy what to do about it; empty unless it failed
 */
public record StepRecord(
    Step step, Instant started, Duration took, End end, String answer, String remedy) {

  /** How a step ended. */
  public enum End {
    DONE,
    /** Not necessary. */
    SKIPPED,
    FAILED
  }
}
