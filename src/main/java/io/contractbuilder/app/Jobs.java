package io.contractbuilder.app;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.ContractTaskReader;
import io.contractbuilder.contract.ContractTaskReader.Origin;
import io.contractbuilder.contract.SteadyClock;
import io.contractbuilder.job.AbandonedTask;
import io.contractbuilder.job.ContractDocuments;
import io.contractbuilder.job.ContractJob;
import io.contractbuilder.job.JobLimits;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.job.Journals;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.job.TaskIdentity;
import io.contractbuilder.keys.StoredApiKeys;
import io.contractbuilder.queue.EventSummary;
import io.contractbuilder.queue.QueuedTask;
import io.contractbuilder.storage.ObjectStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does contracts' tasks with the parts that the settings name, each within its time. */
final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final Duration LOCK_LIMIT = Duration.ofMinutes(1);

  private final Parts parts;
  private final BooleanSupplier cancelled;
  private final Duration lease;
  private final AtomicBoolean cut = new AtomicBoolean();

  /**
   * @param cancelled whether a job is to end before its next effect
   * @param lease how long a contract stays locked whose job was killed
   */
  Jobs(Parts parts, BooleanSupplier cancelled, Duration lease) {
    this.parts = parts;
    this.cancelled = cancelled;
    this.lease = lease;
  }

  /** Does one task, as its own and no repeat of another. */
  Outcome run(ContractTask task, JobListener listener) {
    return inTime(() -> job(Origin.COMMAND_LINE, listener).run(task, UUID.randomUUID().toString()));
  }

  /**
   * Does the task of an event; the same event again is a repeat.
   *
   * @param delivery tells equal tasks apart; empty: they are one
   */
  Outcome run(byte[] event, String delivery, JobListener listener) {
    return run(
        event,
        task ->
            delivery.isEmpty()
                ? TaskIdentity.of(task, parts.chain().taskKey())
                : TaskIdentity.of(task, parts.chain().taskKey(), delivery),
        listener);
  }

  /** Does a task out of the queue: what the former processor had begun may have been done by it. */
  Outcome run(QueuedTask queued, JobListener listener) {
    return run(
        queued.event(),
        task ->
            queued.formers()
                ? TaskIdentity.of(task, parts.chain().taskKey())
                : TaskIdentity.of(task, parts.chain().taskKey(), queued.delivery()),
        listener);
  }

  private Outcome run(byte[] event, Function<ContractTask, String> identity, JobListener listener) {
    var reports = ErrorReports.of(parts.settings(), parts.chain());
    try {
      return reports.reported(
          inTime(
              () -> {
                // What is wrong with the settings, before what is wrong with the event.
                parts.chain().identity();
                var reader =
                    new ContractTaskReader(
                        Origin.EVENT, watchdog -> parts.images().argumentRules(watchdog));
                ContractTask task = reader.read(event);
                return job(Origin.EVENT, listener).run(task, identity.apply(task));
              }));
    } catch (RuntimeException e) {
      reports.write(e);
      tellOf(e, event);
      throw e;
    }
  }

  /** What failed before a job began, as a job would have told it. */
  private void tellOf(RuntimeException failure, byte[] event) {
    try {
      tell(event, AbandonedTask.reason(failure));
    } catch (RuntimeException e) {
      // What failed first is told all the same.
      LOG.warn("The contract's state could not be written: {}", AbandonedTask.reason(e));
    }
  }

  /** Tells the chain of a task that no job will ever do. */
  void giveUp(QueuedTask task, String reason) {
    tell(task.event(), reason);
  }

  private void tell(byte[] event, String reason) {
    EventSummary summary = EventSummary.of(event);
    ContractId contract = summary.contract();
    if (contract != null) {
      var documents = new ContractDocuments(parts.chain().store());
      new AbandonedTask(documents, parts.chain().lock(lease, _ -> {}), LOCK_LIMIT)
          .tell(
              contract,
              summary.type(),
              summary.action(),
              summary.start(),
              reason,
              new SteadyClock().instant());
    }
  }

  private ContractJob job(Origin origin, JobListener listener) {
    return new ContractJob(
        partsOf(origin),
        new JobLimits(parts.settings().readyTimeout(), LOCK_LIMIT),
        listener,
        () -> cut.get() || cancelled.getAsBoolean(),
        new SteadyClock(),
        new SecureRandom());
  }

  /** What a job of the calling thread works with. */
  JobParts partsOf(Origin origin) {
    Thread thread = Thread.currentThread();
    ObjectStore store = parts.chain().store();
    var identity = parts.chain().identity();
    return new JobParts(
        parts.images().contractImages(origin),
        parts.images()::watchdog,
        new StoredApiKeys(store),
        parts.gateway().client(),
        parts.chain().scheduler(),
        parts.chain().ledger(identity.dragonchainId()),
        new ContractDocuments(store),
        new Journals(parts.chain().ownStore()),
        parts.chain().index(),
        parts.chain().lock(lease, contract -> cut(thread)),
        identity);
  }

  /** A job that takes too long is stopped as by a signal: it takes back what it made. */
  private Outcome inTime(Supplier<Outcome> job) {
    Duration limit = parts.settings().timeout();
    Thread worker = Thread.currentThread();
    var late = new AtomicBoolean();
    Thread watch =
        Thread.ofPlatform()
            .daemon()
            .name("time limit")
            .start(
                () -> {
                  try {
                    Thread.sleep(limit);
                    late.set(true);
                    cut(worker);
                  } catch (InterruptedException e) {
                    // It ended in time.
                    return;
                  }
                });
    try {
      Outcome outcome = job.get();
      return late.get() && outcome instanceof Outcome.Retry retry
          ? new Outcome.Retry(
              "It did not end within "
                  + limit.toSeconds()
                  + " s (CONTRACT_BUILDER_TIMEOUT). "
                  + retry.reason(),
              retry.leftovers(),
              retry.cause())
          : outcome;
    } finally {
      watch.interrupt();
    }
  }

  /** Stops the job of a thread before its next effect. */
  void cut(Thread worker) {
    cut.set(true);
    worker.interrupt();
    parts.abort(worker);
  }
}
