package io.contractbuilder.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Copies several blobs at a time, on platform threads that are gone when it returns. */
final class Copies {
  private static final int AT_A_TIME = 4;
  private static final long JOIN_MILLIS = 100;
  private final Queue<Runnable> waiting;
  private final Consumer<Thread> abort;
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile boolean stopped;

  /**
   * @param abort cuts off what a thread waits for
   */
  Copies(List<Runnable> copies, Consumer<Thread> abort) {
    this.waiting = new ConcurrentLinkedQueue<>(copies);
    this.abort = abort;
  }

  /** Runs all; the first failure ends the others and is thrown. */
  void run(String part, String operation) {
    List<Thread> workers = new ArrayList<>();
    int count = Math.min(AT_A_TIME, waiting.size());
    for (int i = 0; i < count; i++) {
      workers.add(Thread.ofPlatform().daemon().name("copy-" + i).start(this::work));
    }
    boolean interrupted = false;
    for (Thread worker : workers) {
      interrupted |= join(worker, workers);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw RegistryException.cancelled(part, operation);
    }
    RuntimeException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  /** Waits for one worker's end; true if this thread was interrupted. */
  private boolean join(Thread worker, List<Thread> workers) {
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
        stopped = true;
      }
      if (stopped) {
        workers.forEach(Thread::interrupt);
        workers.forEach(abort);
      }
    }
    return interrupted;
  }

  private void work() {
    for (Runnable next = waiting.poll(); next != null && !stopped; next = waiting.poll()) {
      try {
        next.run();
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
        stopped = true;
      }
    }
  }
}
