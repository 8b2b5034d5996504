package io.contractbuilder.job;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.PartFailure;
import java.util.List;

/** Why a job went no further, where no single part is to blame. */
final class JobStopped extends RuntimeException {
  private final boolean retryHelps;

  private JobStopped(String message, boolean retryHelps) {
    super(message);
    this.retryHelps = retryHelps;
  }

  /** Somebody wants the process to end. */
  static JobStopped interrupted() {
    return new JobStopped("Interrupted. Run the same again", true);
  }

  /** The task cannot be done on the contract as it is. */
  static JobStopped refused(String reason) {
    return new JobStopped(reason, false);
  }

  /** A part said that it did something, and it is not so. */
  static JobStopped untrue(String reason) {
    return new JobStopped(reason, true);
  }

  /** A delete that went on after failures. */
  static JobStopped incomplete(List<RuntimeException> failures) {
    var stopped =
        new JobStopped(
            String.join(" | ", failures.stream().map(JobStopped::reason).toList()),
            failures.stream().anyMatch(JobStopped::retryHelps));
    failures.forEach(stopped::addSuppressed);
    return stopped;
  }

  /** What people are told of a failure; the message of an unforeseen one might hold a secret. */
  static String reason(Throwable failure) {
    return switch (failure) {
      case PartFailure part -> String.valueOf(part.getMessage());
      case InvalidInput input -> String.valueOf(input.getMessage());
      case JobStopped stopped -> stopped.getMessage();
      default -> "Unexpected fault (" + failure.getClass().getSimpleName() + "). Report it";
    };
  }

  static String remedy(Throwable failure) {
    return failure instanceof PartFailure part ? part.remedy() : "";
  }

  static boolean retryHelps(Throwable failure) {
    return switch (failure) {
      case PartFailure part -> part.retryHelps();
      case JobStopped stopped -> stopped.retryHelps;
      default -> false;
    };
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
