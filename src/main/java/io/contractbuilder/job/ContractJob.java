package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.contract.UpdateContract;
import io.contractbuilder.storage.ContractLock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Does what a task asks: creates, updates or deletes a contract. A job that was cut off anywhere
 * and is run again ends in the same state as one that was not.
 */
public final class ContractJob {
  private final JobParts parts;
  private final JobLimits limits;
  private final JobListener listener;
  private final BooleanSupplier cancelled;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param cancelled whether the job is to stop before its next effect, as it does when its thread
   *     is interrupted: it takes back what it made and can be run again
   * @param random must be a {@link java.security.SecureRandom} outside tests
   */
  public ContractJob(
      JobParts parts,
      JobLimits limits,
      JobListener listener,
      BooleanSupplier cancelled,
      InstantSource clock,
      RandomGenerator random) {
    this.parts = parts;
    this.limits = limits;
    this.listener = listener;
    this.cancelled = cancelled;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Runs a task to its end.
   *
   * @param identity the same for the same task, as {@link TaskIdentity} gives it; a new one where
   *     each task is meant to be new
   * @throws InvalidInput if the task cannot be carried out as it is; nothing was done, but the
   *     contract's status says so
   */
  public Outcome run(ContractTask task, String identity) {
    try (ContractLock.Held held = parts.lock().acquire(task.id(), limits.lock())) {
      return held == null
          ? new Outcome.Retry(
              "Another job of contract "
                  + task.id()
                  + " did not end within "
                  + limits.lock().toSeconds()
                  + " s. Wait for it, then run the same again",
              List.of(),
              null)
          : runAlone(task, identity, new HeldParts(parts, held));
    } catch (PartFailure e) {
      boolean stopped = Thread.currentThread().isInterrupted() || cancelled.getAsBoolean();
      RuntimeException cause = stopped ? JobStopped.interrupted() : e;
      return ended(cause, JobStopped.reason(cause), List.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ended(JobStopped.interrupted(), "Interrupted. Run the same again", List.of());
    }
  }

  private Outcome runAlone(ContractTask task, String identity, HeldParts parts) {
    ContractId id = task.id();
    Journal before = parts.journals().find(id);
    if (before != null && before.result != null && !(task instanceof DeleteContract)) {
      Outcome outcome = finishCutOff(task, before, before.result, parts);
      if (!(outcome instanceof Outcome.Done) || before.identity().equals(identity)) {
        return outcome;
      }
    }
    Contract stored = parts.documents().find(id);
    if (before != null && isRepeat(task, identity, before, stored)) {
      return new Outcome.Done(stored, List.of(), true);
    }
    Journal journal = journal(task, identity, before);
    JobRun run = run(journal, parts);
    ContractFlow flow;
    try {
      flow = new JobPreparation(parts, run, steps(run, parts), limits).prepare(task, stored);
    } catch (InvalidInput | PartFailure | JobStopped e) {
      return notBegun(task, stored, journal.formerState, e, parts);
    }
    parts.journals().save(journal);
    listener.began(task, before != null && before.isUnfinished());
    return perform(flow, run, parts);
  }

  private JobRun run(Journal journal, HeldParts parts) {
    journal.lockToken = parts.token();
    return new JobRun(journal, parts, listener, cancelled, clock);
  }

  private ContractSteps steps(JobRun run, HeldParts parts) {
    return new ContractSteps(parts, run, limits, random);
  }

  private Outcome finishCutOff(
      ContractTask task, Journal before, Journal.Result result, HeldParts parts) {
    listener.began(task, true);
    JobRun run = run(before, parts);
    try {
      Contract contract = new Commit(parts, run).make(result);
      return new Outcome.Done(contract, before.warnings(), false);
    } catch (RuntimeException e) {
      return ended(e, JobStopped.reason(e), List.of());
    }
  }

  private static boolean isRepeat(
      ContractTask task, String identity, Journal before, @Nullable Contract stored) {
    if (before.isTombstone() && task instanceof DeleteContract) {
      return stored == null;
    }
    if (before.state() != Journal.State.DONE || !before.identity().equals(identity)) {
      return false;
    }
    // The webserver writes this before it queues an update: an equal one is then a new one.
    return !(task instanceof UpdateContract
        && !TaskIdentity.isExact(identity)
        && stored != null
        && stored.status().state() == ContractState.UPDATING);
  }

  private Journal journal(ContractTask task, String identity, @Nullable Journal before) {
    boolean sameAction =
        before != null
            && before.state() != Journal.State.DONE
            && before.action().equals(task.action());
    boolean sameTask = sameAction && before != null && before.identity().equals(identity);
    // A contract is created and deleted once, whoever asks.
    boolean sameTransaction = sameTask || (sameAction && !(task instanceof UpdateContract));
    var journal =
        new Journal(
            task.id(),
            task.type(),
            identity,
            task.action(),
            sameTransaction && before != null
                ? before.transactionId()
                : ContractId.random(random).value(),
            clock.instant());
    if (before != null && sameTask && before.isUnfinished()) {
      journal.resume(before);
    } else if (before != null) {
      journal.inherit(before);
    }
    return journal;
  }

  /** Nothing was done; the chain is told nevertheless. */
  private Outcome notBegun(
      ContractTask task,
      @Nullable Contract stored,
      @Nullable ContractState journaled,
      RuntimeException failure,
      HeldParts parts) {
    String reason = JobStopped.reason(failure);
    switch (task) {
      case UpdateContract update when stored != null ->
          parts
              .documents()
              .save(
                  UpdateJob.notBegun(
                      stored,
                      UpdatePlan.of(stored, journaled, update, parts.chain()),
                      reason,
                      clock.instant()));
      case CreateContract create when stored == null ->
          parts
              .documents()
              .save(CreateJob.neverMade(create, parts.chain(), reason, clock.instant()));
      case CreateContract _ when stored != null && CreateJob.isUnmade(stored) ->
          parts.documents().save(CreateJob.failed(stored, reason, clock.instant()));
      case CreateContract _, UpdateContract _, DeleteContract _ -> {}
    }
    if (failure instanceof InvalidInput invalid) {
      throw invalid;
    }
    return ended(failure, reason, List.of());
  }

  private Outcome perform(ContractFlow flow, JobRun run, HeldParts parts) {
    try {
      Contract contract = flow.perform();
      prune(run, parts);
      return new Outcome.Done(contract, run.journal().warnings(), false);
    } catch (RuntimeException e) {
      return failed(flow, run, e, parts);
    }
  }

  private void prune(JobRun run, HeldParts parts) {
    if (run.journal().isTombstone()) {
      try {
        parts.journals().prune(clock.instant());
      } catch (PartFailure e) {
        run.warn("Journals of contracts deleted long ago could not be removed: " + e.getMessage());
      }
    }
  }

  private Outcome failed(ContractFlow flow, JobRun run, RuntimeException failure, HeldParts parts) {
    // Taking back needs I/O, which an interrupted thread may not do.
    boolean interrupted = Thread.interrupted();
    // A part that was asked by an interrupted thread has its own word for it.
    RuntimeException cause =
        interrupted || cancelled.getAsBoolean() ? JobStopped.interrupted() : failure;
    try {
      try {
        parts.check();
      } catch (PartFailure lost) {
        // What interrupted it, and all that there is to tell: the contract is another's.
        return ended(lost, JobStopped.reason(lost), List.of());
      }
      String reason = JobStopped.reason(cause);
      if (run.journal().ledgered) {
        String last = "All is done but for the last steps. " + reason;
        return ended(cause, last, flow instanceof DeleteJob ? keep(flow, last, parts) : List.of());
      }
      return ended(cause, reason, takeBack(flow, run, reason, parts));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What is there still of a contract whose deletion is ledgered waits for the next run. */
  private static List<String> keep(ContractFlow delete, String reason, HeldParts parts) {
    try {
      Contract contract = delete.afterFailure(reason);
      if (contract != null && parts.documents().find(contract.id()) != null) {
        parts.documents().save(contract);
      }
      return List.of();
    } catch (PartFailure e) {
      return List.of("the failure could not be recorded: " + e.getMessage());
    }
  }

  private List<String> takeBack(ContractFlow flow, JobRun run, String reason, HeldParts parts) {
    try {
      run.decide(Journal::rollBack);
    } catch (PartFailure e) {
      // Who comes next would go on from a journal that is no longer true.
      return List.of("nothing was taken back, as the journal cannot be written: " + e.getMessage());
    }
    List<String> leftovers = flow.rollBack();
    String told = leftovers.isEmpty() ? reason : reason + ". " + String.join(". ", leftovers);
    try {
      Contract contract = flow.afterFailure(told);
      if (contract != null) {
        parts.documents().save(contract);
      }
      run.decide(j -> j.failed(told, clock.instant()));
    } catch (PartFailure e) {
      leftovers = new ArrayList<>(leftovers);
      leftovers.add("the failure could not be recorded: " + e.getMessage());
    }
    return leftovers;
  }

  private static Outcome ended(Throwable failure, String reason, List<String> leftovers) {
    return JobStopped.retryHelps(failure)
        ? new Outcome.Retry(reason, leftovers, failure)
        : new Outcome.Failed(reason, leftovers, failure);
  }
}
