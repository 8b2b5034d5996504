package io.contractbuilder.registry;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cuts a request off when it has made no progress for too long; time-outs of sockets miss some. */
final class Deadline implements AutoCloseable {
  private final ScheduledExecutorService timer;
  private final Runnable cut;
  private volatile long due;
  private volatile boolean expired;
  private @Nullable Future<?> check;
  private boolean closed;

  Deadline(ScheduledExecutorService timer, Duration first, Runnable cut) {
    this.timer = timer;
    this.cut = cut;
    this.due = System.nanoTime() + first.toNanos();
  }

  synchronized Deadline start() {
    if (!closed) {
      check = timer.schedule(this::check, due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    return this;
  }

  /** There was progress: the next must come within {@code next}. */
  void extend(Duration next) {
    due = System.nanoTime() + next.toNanos();
  }

  private void check() {
    if (due - System.nanoTime() > 0) {
      start();
      return;
    }
    expired = true;
    cut.run();
  }

  /** Whether it has cut the request off. */
  boolean expired() {
    return expired;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (check != null) {
      check.cancel(false);
    }
  }
}
