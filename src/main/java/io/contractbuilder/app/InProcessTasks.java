package io.contractbuilder.app;

import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.QueuedTask;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Does tasks in this process, each as a process of its own would: with files of secrets that are
 * read for it and connections that are made for it.
 */
final class InProcessTasks implements TaskRunner {
  private final Supplier<Wiring> wirings;
  private final Map<Thread, Wiring> running = new ConcurrentHashMap<>();

  /**
   * @param wirings gives a new one each time
   */
  InProcessTasks(Supplier<Wiring> wirings) {
    this.wirings = wirings;
  }

  @Override
  public Outcome run(QueuedTask task, JobListener listener) {
    Thread thread = Thread.currentThread();
    try (Wiring wiring = wirings.get()) {
      running.put(thread, wiring);
      return wiring.run(task, listener);
    } finally {
      running.remove(thread);
    }
  }

  @Override
  public void giveUp(QueuedTask task, String reason) {
    try (Wiring wiring = wirings.get()) {
      wiring.giveUp(task, reason);
    }
  }

  @Override
  public void abort(Thread thread) {
    Wiring wiring = running.get(thread);
    if (wiring != null) {
      wiring.cut(thread);
    }
  }
}
