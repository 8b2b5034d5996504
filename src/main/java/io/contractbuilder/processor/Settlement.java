package io.contractbuilder.processor;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.queue.QueuedTask;
import java.time.Duration;

/** What becomes of a task after it was run. */
sealed interface Settlement {
  /** How often a task is tried that may go well later: over about ten minutes. */
  int TRIES = 6;

  /** How often the process may end while it runs one task before that is taken for the cause. */
  int DEATHS = 10;

  /** It is done. */
  record Done(boolean repeat) implements Settlement {}

  /** It is tried again, after a pause. */
  record Later(Duration pause, String reason) implements Settlement {}

  /** It goes back to where it was: nothing was wrong with it. */
  record PutBack() implements Settlement {}

  /** It failed for good. */
  record Bury(String reason) implements Settlement {}

  /**
   * By how its job ended.
   *
   * @param stopped whether the job was told to stop
   */
  static Settlement of(QueuedTask task, Outcome outcome, boolean stopped) {
    return switch (outcome) {
      case Outcome.Done done -> new Done(done.repeat());
      case Outcome.Retry retry -> stopped ? new PutBack() : later(task, retry.reason());
      case Outcome.Failed failed -> new Bury(failed.reason());
    };
  }

  /** By what was thrown instead. */
  static Settlement of(QueuedTask task, Throwable failure, boolean stopped) {
    return switch (failure) {
      case InvalidInput wrong -> new Bury(String.valueOf(wrong.getMessage()));
      case PartFailure failed when stopped -> new PutBack();
      case PartFailure failed when failed.retryHelps() ->
          later(task, String.valueOf(failed.getMessage()));
      case PartFailure failed -> new Bury(String.valueOf(failed.getMessage()));
      // Its message may hold anything.
      default ->
          new Bury("Unexpected: " + failure.getClass().getName() + at(failure.getStackTrace()));
    };
  }

  /** Whether its process ended so often while it ran that it is not run again. */
  static boolean isDeadly(QueuedTask task) {
    return task.deaths() >= DEATHS;
  }

  private static Settlement later(QueuedTask task, String reason) {
    int tries = task.attempts() + 1;
    if (tries >= TRIES) {
      return new Bury("Tried " + tries + " times. " + reason);
    }
    return new Later(Duration.ofSeconds(5 * Math.round(Math.pow(3, task.attempts()))), reason);
  }

  private static String at(StackTraceElement[] trace) {
    return trace.length == 0 ? "" : " at " + trace[0];
  }
}
