package io.contractbuilder.storage.redis;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisException;
import io.contractbuilder.storage.ContractLock;
import io.contractbuilder.storage.StorageException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Renews a lease until it is given up. A process that was stopped for longer than the lease asks
 * before its next effect, as every time, and learns that another had the contract meanwhile.
 */
final class HeldLease implements ContractLock.Held {
  private final Redis redis;
  private final ContractId id;
  private final Lease lease;
  private final Duration period;
  private final Runnable lost;
  private boolean closed;

  // What follows is guarded by the lease.
  private boolean ours = true;
  private @Nullable RedisException away;
  private long awaySince;

  HeldLease(Redis redis, ContractId id, Lease lease, Duration length, Runnable lost) {
    this.redis = redis;
    this.id = id;
    this.lease = lease;
    this.period = length.dividedBy(6);
    this.lost = lost;
    Thread.ofPlatform().daemon().name("lease").start(this::keep);
  }

  private void keep() {
    while (waitForNext()) {
      if (!renew()) {
        lost.run();
        return;
      }
    }
  }

  private boolean renew() {
    // Renewed after it was given up, it would be taken again.
    synchronized (lease) {
      if (!isClosed()) {
        ask();
      }
      return ours;
    }
  }

  private void ask() {
    try {
      ours = ours && lease.renew();
      away = null;
    } catch (RedisException e) {
      away = e;
      awaySince = System.nanoTime();
    }
  }

  @Override
  public long token() {
    return lease.token();
  }

  /**
   * {@inheritDoc} While its Redis is away it is ours for as long as it lasts.
   *
   * @throws RedisException if the Redis is away for longer than that
   */
  @Override
  public void check() {
    synchronized (lease) {
      // It was tried for long: not for each effect again.
      if (away == null || System.nanoTime() - awaySince > period.toNanos()) {
        ask();
      }
      if (!ours) {
        throw new StorageException(
            redis.address().toString(),
            "keep the lock of contract " + id,
            "another job has it, or had it since",
            "This one did nothing more and took nothing back. Run the same again",
            true,
            null);
      }
      if (away != null && lease.mayHaveEnded()) {
        throw away;
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
