package io.contractbuilder.app;

import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.QueuedTask;
import io.contractbuilder.queue.TaskQueue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Does tasks in this process, each as a process of its own would: with files of secrets that are
 * read for it and connections that are made for it.
 */
final class InProcessTasks implements TaskRunner {
  private final Supplier<Parts> parts;
  private final BooleanSupplier cancelled;
  private final Map<Thread, Jobs> running = new ConcurrentHashMap<>();

  /**
   * @param parts gives new ones each time
   * @param cancelled whether jobs are to end before their next effect
   */
  InProcessTasks(Supplier<Parts> parts, BooleanSupplier cancelled) {
    this.parts = parts;
    this.cancelled = cancelled;
  }

  @Override
  public Outcome run(QueuedTask task, JobListener listener) {
    Thread thread = Thread.currentThread();
    try (Parts own = parts.get()) {
      Jobs jobs = jobs(own);
      running.put(thread, jobs);
      return jobs.run(task, listener);
    } finally {
      running.remove(thread);
    }
  }

  @Override
  public void giveUp(QueuedTask task, String reason) {
    try (Parts own = parts.get()) {
      jobs(own).giveUp(task, reason);
    }
  }

  @Override
  public void abort(Thread thread) {
    Jobs jobs = running.get(thread);
    if (jobs != null) {
      jobs.cut(thread);
    }
  }

  private Jobs jobs(Parts own) {
    return new Jobs(own, cancelled, TaskQueue.ALIVE);
  }
}
