package io.contractbuilder.processor;

import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.job.Step;
import io.contractbuilder.queue.EventSummary;
import io.contractbuilder.queue.QueuedTask;
import io.contractbuilder.queue.TaskQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes tasks one after another and has each done. */
final class Hand implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Hand.class);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final TaskQueue queue;
  private final TaskRunner runner;
  private final QueuedTask.Hold hold;
  private final Semaphore work;
  private final Telemetry telemetry;
  private final Supplier<JobListener> views;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile boolean aborted;

  /** When its task began, by {@link System#nanoTime}; 0 while it has none. */
  private volatile long since;

  private volatile @Nullable Step step;

  /**
   * @param work a permit says that there may be a task
   * @param views a listener for each task
   */
  Hand(
      TaskQueue queue,
      TaskRunner runner,
      QueuedTask.Hold hold,
      Semaphore work,
      Telemetry telemetry,
      Supplier<JobListener> views) {
    this.queue = queue;
    this.runner = runner;
    this.hold = hold;
    this.work = work;
    this.telemetry = telemetry;
    this.views = views;
    this.thread = Thread.ofPlatform().daemon().name("worker " + hold.slot()).unstarted(this);
  }

  void start() {
    thread.start();
  }

  /** It takes no other task. */
  void stop() {
    stopping = true;
  }

  /** Its task is stopped, too, and put back. */
  void abort() {
    aborted = true;
    if (since != 0) {
      runner.abort(thread);
    }
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** How long it has had its task; zero if it has none. */
  Duration busy() {
    long start = since;
    return start == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - start);
  }

  /** Where its task is; null if that is not known. */
  @Nullable Step step() {
    return step;
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        QueuedTask task = take();
        if (task == null) {
          work.acquire();
        } else {
          settle(task);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable QueuedTask take() {
    try {
      return queue.take(hold);
    } catch (PartFailure e) {
      // Whoever gives permits says what is wrong with the queue.
      telemetry.unreachable();
      return null;
    }
  }

  private void settle(QueuedTask task) throws InterruptedException {
    EventSummary event = EventSummary.of(task.event());
    long start = System.nanoTime();
    since = start;
    telemetry.began();
    Settlement settlement = stopping ? new Settlement.PutBack() : run(task);
    since = 0;
    step = null;
    // A job is stopped by an interrupt; the queue has to be told nevertheless.
    if (Thread.interrupted()) {
      LOG.debug("{} was interrupted", task);
    }
    say(task, event, settlement);
    if (settlement instanceof Settlement.Bury(var reason)) {
      giveUp(task, reason);
    }
    tell(task, settlement, event);
    telemetry.ended(event.action(), settlement, Duration.ofNanos(System.nanoTime() - start));
  }

  private Settlement run(QueuedTask task) {
    if (Settlement.isDeadly(task)) {
      return new Settlement.Bury(
          "The process ended " + task.deaths() + " times while it ran this task");
    }
    if (task.event().length == 0) {
      return new Settlement.Bury("Somebody removed its event");
    }
    try {
      JobListener listener = new Listeners(List.of(telemetry.listener(), steps(), views.get()));
      Outcome outcome = runner.run(task, listener);
      return Settlement.of(task, outcome, aborted);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      LOG.debug("{} failed", task, e);
      return Settlement.of(task, e, aborted);
    }
  }

  private JobListener steps() {
    return new JobListener() {
      @Override
      public void stepStarted(Step begun) {
        step = begun;
      }
    };
  }

  private static void say(QueuedTask task, EventSummary event, Settlement settlement) {
    switch (settlement) {
      case Settlement.Done done ->
          LOG.info("{}, {}: {}", task, event.what(), done.repeat() ? "was done before" : "done");
      case Settlement.Later later ->
          LOG.warn(
              "{}, {}: tried again in {} s: {}",
              task,
              event.what(),
              later.pause().toSeconds(),
              later.reason());
      case Settlement.PutBack() -> LOG.info("{}, {}: handed back", task, event.what());
      case Settlement.Bury bury ->
          LOG.error(
              "{}, {}: failed for good: {}. See it with `contract-builder queue show {}`",
              task,
              event.what(),
              bury.reason(),
              task.number());
    }
  }

  /** The queue is told until it has heard it: what is not told would be done again. */
  private void tell(QueuedTask task, Settlement settlement, EventSummary event)
      throws InterruptedException {
    while (true) {
      try {
        if (!settled(task, settlement, event)) {
          telemetry.lost();
          LOG.warn("{} was in another's hand at its end; that one finds it done", task);
        }
        return;
      } catch (PartFailure e) {
        telemetry.unreachable();
        if (aborted) {
          // It is dead soon: the others put it back then.
          return;
        }
        Thread.sleep(RETRY);
      }
    }
  }

  private void giveUp(QueuedTask task, String reason) {
    try {
      runner.giveUp(task, reason);
    } catch (RuntimeException e) {
      // It stands among the dead letters all the same.
      LOG.warn("The state of the contract of {} could not be stored: {}", task, e.getMessage());
    }
  }

  private boolean settled(QueuedTask task, Settlement settlement, EventSummary event) {
    return switch (settlement) {
      case Settlement.Done done -> queue.done(task);
      case Settlement.Later later -> queue.later(task, later.pause(), later.reason());
      case Settlement.PutBack() -> queue.putBack(task);
      case Settlement.Bury bury -> queue.bury(task, event.action(), bury.reason());
    };
  }
}
