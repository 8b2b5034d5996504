package io.contractbuilder.processor;

import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Step;
import io.contractbuilder.queue.QueueState;
import io.contractbuilder.queue.QueuedTask;
import io.contractbuilder.queue.TaskQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the chain's tasks done until it is stopped. One thread looks after the queue and says that
 * this process lives; each of the others has one task at a time.
 */
public final class Processor {
  private static final Logger LOG = LoggerFactory.getLogger(Processor.class);

  /** After this without a turn of its own thread it is taken for hanging. */
  private static final Duration HANGS = Duration.ofMinutes(1);

  /** How much of each kind people see. */
  private static final int MOST_SHOWN = 50;

  private final TaskQueue queue;
  private final String worker;
  private final ProcessorLimits limits;
  private final Telemetry telemetry = new Telemetry();
  private final Semaphore work = new Semaphore(0);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Hand> hands;
  private final Duration longestTask;
  private boolean takenOver;
  private boolean away;
  private long nextBeat = System.nanoTime();
  private volatile long lastTurn = System.nanoTime();
  private volatile long lastBeat;
  private volatile @Nullable String problem;

  /**
   * @param worker this process's name, no other's and none before
   * @param longestTask after which a task is taken for hanging
   * @param views a listener for each task
   */
  public Processor(
      TaskQueue queue,
      TaskRunner runner,
      String worker,
      ProcessorLimits limits,
      Duration longestTask,
      Supplier<JobListener> views) {
    this.queue = queue;
    this.worker = worker;
    this.limits = limits;
    this.longestTask = longestTask;
    this.hands =
        IntStream.range(0, limits.workers())
            .mapToObj(
                slot ->
                    new Hand(
                        queue, runner, new QueuedTask.Hold(worker, slot), work, telemetry, views))
            .toList();
  }

  /** Begins to end: no new task; {@link #run} returns when the running ones are out of hand. */
  public void stop() {
    stop.countDown();
  }

  /** What it counts and measures, in Prometheus' text format. */
  public String metrics() {
    return telemetry.text();
  }

  /** What keeps it from doing anything ever again; null: nothing. */
  public @Nullable String hangs() {
    if (Duration.ofNanos(System.nanoTime() - lastTurn).compareTo(HANGS) > 0) {
      return "the queue was not looked at for a minute";
    }
    boolean late = hands.stream().anyMatch(hand -> hand.busy().compareTo(longestTask) > 0);
    return late ? "a task cannot be stopped" : null;
  }

  /** What keeps it from doing tasks now; null: nothing. */
  public @Nullable String unready() {
    if (stop.getCount() == 0) {
      return "it is ending";
    }
    return lastBeat == 0 && problem == null ? "it is starting" : problem;
  }

  /** How it is, for people. May wait for the queue. */
  ProcessorStatus status() {
    String hangs = hangs();
    String problem = hangs == null ? unready() : hangs;
    // A queue that is away would be waited for.
    if (this.problem == null) {
      try {
        return new ProcessorStatus(worker, problem, queue.look(MOST_SHOWN));
      } catch (PartFailure e) {
        problem = e.getMessage();
      }
    }
    return new ProcessorStatus(worker, problem, null);
  }

  /** Does tasks until {@link #stop}; an interrupt stops it, too. */
  public void run() {
    hands.forEach(Hand::start);
    LOG.info("Worker {} does {} tasks at a time", worker, limits.workers());
    try {
      boolean more = false;
      while (!stop.await(more ? 0 : limits.poll().toMillis(), TimeUnit.MILLISECONDS)) {
        more = turn(true);
      }
    } catch (InterruptedException e) {
      stop();
    }
    end();
  }

  /**
   * Looks after the queue once.
   *
   * @return whether more is to be taken in at once
   */
  private boolean turn(boolean taking) {
    lastTurn = System.nanoTime();
    try {
      if (System.nanoTime() - nextBeat >= 0) {
        beat();
      }
      boolean more = taking && takeIn();
      if (away) {
        LOG.info("The queue answers again");
        away = false;
      }
      problem = null;
      return more;
    } catch (PartFailure e) {
      telemetry.unreachable();
      problem = e.getMessage();
      if (!away) {
        away = true;
        LOG.error("The queue is away: {}", e.getMessage());
      }
      return false;
    }
  }

  private void beat() {
    QueueState state = queue.beat(worker, steps());
    nextBeat = System.nanoTime() + limits.beat().toNanos();
    lastBeat = System.nanoTime();
    telemetry.queue(state, Instant.now());
    if (state.putBack() > 0) {
      LOG.warn("{} tasks were put back that dead workers had in hand", state.putBack());
    }
  }

  private Map<Integer, String> steps() {
    var steps = new TreeMap<Integer, String>();
    for (int slot = 0; slot < hands.size(); slot++) {
      Step step = hands.get(slot).step();
      if (step != null) {
        steps.put(slot, step.wire());
      }
    }
    return steps;
  }

  private boolean takeIn() {
    if (!takenOver) {
      int tasks = queue.takeOver();
      if (tasks > 0) {
        LOG.info("{} tasks were taken over from the former processor", tasks);
        return true;
      }
      takenOver = true;
    }
    TaskQueue.Arrivals arrivals = queue.takeIn();
    int idle = Math.min(arrivals.ready(), work.getQueueLength());
    if (idle > work.availablePermits()) {
      work.release(idle - work.availablePermits());
    }
    return arrivals.tasks() > 0;
  }

  private void end() {
    hands.forEach(Hand::stop);
    work.release(hands.size());
    LOG.info("Ending: running tasks have {} s", limits.stop().toSeconds());
    if (!ended(limits.stop())) {
      LOG.warn("Tasks still run: they are stopped and handed back");
      hands.forEach(Hand::abort);
      if (!ended(limits.handBack())) {
        LOG.warn("Tasks still run; their journals say how far they came");
      }
    }
    try {
      queue.leave(worker);
    } catch (PartFailure e) {
      LOG.warn("The others will see that it is gone: {}", e.getMessage());
    }
  }

  /** Waits for the hands, and goes on saying that this process lives. */
  private boolean ended(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (hands.stream().anyMatch(Hand::isAlive)) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      turn(false);
      try {
        Thread.sleep(Duration.ofMillis(20));
      } catch (InterruptedException e) {
        // Told to end it is; only time ends the waiting.
        LOG.debug("interrupted while ending");
      }
    }
    return true;
  }
}
