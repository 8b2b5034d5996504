package io.contractbuilder.job;

import io.contractbuilder.contract.PartFailure;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run of a job: takes its steps, writes down its decisions, tells its listener. */
final class JobRun {
  private final Journal journal;
  private final HeldParts parts;
  private final JobListener listener;
  private final BooleanSupplier cancelled;
  private final InstantSource clock;

  JobRun(
      Journal journal,
      HeldParts parts,
      JobListener listener,
      BooleanSupplier cancelled,
      InstantSource clock) {
    this.journal = journal;
    this.parts = parts;
    this.listener = listener;
    this.cancelled = cancelled;
    this.clock = clock;
  }

  Journal journal() {
    return journal;
  }

  JobListener listener() {
    return listener;
  }

  Instant now() {
    return clock.instant();
  }

  /** Writes a decision down before it is acted on. */
  void decide(Consumer<Journal> decision) {
    decision.accept(journal);
    parts.journals().save(journal);
  }

  /** Takes a step, unless the process is to end. */
  <T> T take(Step step, Supplier<T> effect) {
    stopIfCancelled();
    return record(step, effect);
  }

  /** {@link #take} for a step that answers nothing. */
  void make(Step step, Runnable effect) {
    take(
        step,
        () -> {
          effect.run();
          return true;
        });
  }

  /**
   * Takes each of several removals from one part, whatever becomes of the others; the failures are
   * answered. A part that was waited for in vain is not waited for as often as there are removals.
   */
  List<RuntimeException> makeAll(Step step, List<Runnable> effects) {
    stopIfCancelled();
    var failures = new ArrayList<RuntimeException>();
    try {
      record(
          step,
          () -> {
            for (Runnable effect : effects) {
              attempt(effect, failures);
              if (!failures.isEmpty() && isSilence(failures.getLast())) {
                break;
              }
            }
            if (!failures.isEmpty()) {
              throw failures.getFirst();
            }
            return true;
          });
    } catch (RuntimeException e) {
      // It is the first of those that are answered.
      return failures;
    }
    return failures;
  }

  private static void attempt(Runnable effect, List<RuntimeException> failures) {
    try {
      effect.run();
    } catch (RuntimeException e) {
      failures.add(e);
    }
  }

  private static boolean isSilence(RuntimeException failure) {
    return failure instanceof PartFailure && failure.getCause() instanceof InterruptedIOException;
  }

  /** A step that is not necessary. */
  void skip(Step step) {
    end(new StepRecord(step, now(), Duration.ZERO, StepRecord.End.SKIPPED, "", ""));
  }

  void warn(String warning) {
    journal.warnings.add(warning);
    listener.warned(warning);
  }

  private <T> T record(Step step, Supplier<T> effect) {
    Instant start = now();
    listener.stepStarted(step);
    try {
      T result = effect.get();
      end(new StepRecord(step, start, since(start), StepRecord.End.DONE, "", ""));
      return result;
    } catch (RuntimeException e) {
      end(
          new StepRecord(
              step,
              start,
              since(start),
              StepRecord.End.FAILED,
              JobStopped.reason(e),
              JobStopped.remedy(e)));
      throw e;
    }
  }

  private Duration since(Instant start) {
    return Duration.between(start, now());
  }

  private void end(StepRecord step) {
    journal.steps.add(step);
    listener.stepEnded(step);
  }

  private void stopIfCancelled() {
    if (Thread.currentThread().isInterrupted() || cancelled.getAsBoolean()) {
      throw JobStopped.interrupted();
    }
  }
}
