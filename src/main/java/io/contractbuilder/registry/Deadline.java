package io.contractbuilder.registry;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cuts a request off when it has made no progress for too long; time-outs of sockets miss some. */
final class Deadline implements AutoCloseable, Runnable {
  private final Connections owner;
  private final ScheduledExecutorService timer;
  private final Request request;
  private volatile long due;
  private volatile boolean expired;
  private @Nullable Future<?> check;
  private boolean closed;

  Deadline(Connections owner, ScheduledExecutorService timer, Duration first, Request request) {
    this.owner = owner;
    this.timer = timer;
    this.request = request;
    this.due = System.nanoTime() + first.toNanos();
  }

  synchronized Deadline start() {
    if (!closed) {
      check = timer.schedule(this, due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    return this;
  }

  /** There was progress: the next must come within {@code next}. */
  void extend(Duration next) {
    due = System.nanoTime() + next.toNanos();
  }

  @Override
  public void run() {
    if (due - System.nanoTime() > 0) {
      start();
      return;
    }
    expired = true;
    owner.cancel(request);
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
