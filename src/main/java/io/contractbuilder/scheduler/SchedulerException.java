package io.contractbuilder.scheduler;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** The scheduler refused, failed or could not be reached. */
public final class SchedulerException extends PartFailure {
  public SchedulerException(
      String scheduler,
      String operation,
      String answer,
      String remedy,
      boolean retryHelps,
      @Nullable Throwable cause) {
    super("scheduler " + scheduler, operation, answer, remedy, retryHelps, cause);
  }
}
