package io.contractbuilder.storage.redis;

import io.contractbuilder.redis.Redis;
import io.contractbuilder.storage.ContractLock;
import java.time.Duration;

/** Renews a lease until it is given up. */
final class HeldLease implements ContractLock.Held {
  private final Redis redis;
  private final Lease lease;
  private final Duration period;
  private final Runnable lost;
  private boolean closed;

  HeldLease(Redis redis, Lease lease, Duration length, Runnable lost) {
    this.redis = redis;
    this.lease = lease;
    this.period = length.dividedBy(6);
    this.lost = lost;
    Thread.ofPlatform().daemon().name("lease").start(this::keep);
  }

  private void keep() {
    boolean ours = true;
    while (ours && waitForNext()) {
      ours = renew();
    }
    if (!ours) {
      lost.run();
    }
  }

  private boolean renew() {
    // Renewed after it was given up, it would be taken again.
    synchronized (lease) {
      try {
        return isClosed() || lease.renew();
      } catch (RuntimeException e) {
        // While it is away nobody else gets the lease; it is asked again when it is due.
        return true;
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** False if there is none. */
  private synchronized boolean waitForNext() {
    long end = System.nanoTime() + period.toNanos();
    try {
      for (long left = period.toMillis();
          !closed && left > 0;
          left = (end - System.nanoTime()) / 1_000_000) {
        wait(left);
      }
    } catch (InterruptedException e) {
      return false;
    }
    return !closed;
  }

  /** Gives it up; what cannot be given up ends by itself. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    synchronized (lease) {
      try (redis) {
        lease.release();
      } catch (RuntimeException e) {
        // What the job did is done; the next one waits for the lease to end.
      }
    }
  }
}
