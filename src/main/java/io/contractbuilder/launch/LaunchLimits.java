package io.contractbuilder.launch;

import java.time.Duration;

/**
 * What Jobs are held to.
 *
 * @param job how long the program in a pod may take; it keeps to that by itself
 * @param start how long it may take until a pod's container runs
 * @param keep how long an ended Job stays for people to look at, with its Secret
 */
public record LaunchLimits(Duration job, Duration start, Duration keep) {
  /** For taking back what was made. */
  private static final Duration UNDO = Duration.ofMinutes(1);

  /** After which Kubernetes ends a Job whatever it does. */
  Duration deadline() {
    return start.plus(job).plus(UNDO);
  }

  /** The longest that a task can take: an earlier Job of its contract may have to end first. */
  public Duration longest() {
    return deadline().multipliedBy(2).plus(UNDO);
  }
}
