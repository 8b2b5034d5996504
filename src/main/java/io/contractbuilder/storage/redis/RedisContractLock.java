package io.contractbuilder.storage.redis;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisAddress;
import io.contractbuilder.redis.RedisException;
import io.contractbuilder.storage.ContractLock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A lease per contract, for 30 s as a rule and renewed while it is held: that of a process that was
 * killed ends by itself. One that ended while its Redis was away is taken again, unless another was
 * quicker.
 */
public final class RedisContractLock implements ContractLock {
  /** Longer than a job's machine may stand still without harm to it. */
  public static final Duration LENGTH = Duration.ofSeconds(30);

  private static final int OWNER_BYTES = 16;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  private final RedisAddress address;
  private final RandomGenerator random;
  private final Consumer<ContractId> lost;
  private final Duration length;

  /**
   * @param address each lease has a connection of its own, so that nothing keeps its renewal
   * @param lost is told, by another thread, that a contract is held by another now, as after this
   *     process was stopped for longer than the lease; to cancel the job
   */
  public RedisContractLock(
      RedisAddress address, RandomGenerator random, Consumer<ContractId> lost) {
    this(address, random, lost, LENGTH);
  }

  /**
   * With a lease of another length.
   *
   * @param length how long a contract stays locked whose job was killed; it is renewed six times in
   *     it
   */
  public RedisContractLock(
      RedisAddress address, RandomGenerator random, Consumer<ContractId> lost, Duration length) {
    this.address = address;
    this.random = random;
    this.lost = lost;
    this.length = length;
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisException if it cannot be said who has it
   */
  @Override
  public @Nullable Held acquire(ContractId id, Duration limit) throws InterruptedException {
    var owner = new byte[OWNER_BYTES];
    random.nextBytes(owner);
    var redis = new Redis(address);
    boolean ours = false;
    try {
      var lease = new Lease(redis, id, HexFormat.of().formatHex(owner), length);
      ours = await(lease, limit);
      return ours ? new HeldLease(redis, id, lease, length, () -> lost.accept(id)) : null;
    } finally {
      if (!ours) {
        redis.close();
      }
    }
  }

  private static boolean await(Lease lease, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    Duration pause = FIRST_PAUSE;
    while (!acquire(lease)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      Thread.sleep(Duration.ofNanos(Math.min(left, pause.toNanos())));
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
    return true;
  }

  private static boolean acquire(Lease lease) throws InterruptedException {
    try {
      return lease.acquire();
    } catch (RedisException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(e.getMessage());
      }
      throw e;
    }
  }
}
