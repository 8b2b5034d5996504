package io.contractbuilder.storage.redis;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.redis.Redis;
import java.time.Duration;
import java.util.List;

/**
 * A key that is ours for a while: who has it and its fencing token, a number that is higher with
 * each who gets one.
 */
final class Lease {
  private static final String LOCK = "contract-builder:lock:";
  private static final String TOKEN = "contract-builder:lock-token";

  /** Ours already: the answer to the first try was lost. */
  private static final String ACQUIRE =
      """
      local now = redis.call('GET', KEYS[1])
      if now then
        if string.sub(now, 1, #ARGV[1] + 1) ~= ARGV[1] .. ' ' then return 0 end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return tonumber(string.sub(now, #ARGV[1] + 2))
      end
      local token = redis.call('INCR', KEYS[2])
      redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. token, 'NX', 'PX', ARGV[2])
      return token
      """;

  /**
   * Nobody's: it ended, or the Redis lost it. It is taken again only where nobody can have had it
   * since: no token was given after ours.
   */
  private static final String RENEW =
      """
      local now = redis.call('GET', KEYS[1])
      if now and now ~= ARGV[1] then return 0 end
      local last = not now and redis.call('GET', KEYS[2])
      if last and last ~= ARGV[3] then return 0 end
      redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
      return 1
      """;

  private static final String RELEASE =
      """
      if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
      return redis.call('DEL', KEYS[1])
      """;

  private final Redis redis;
  private final ContractId id;
  private final String owner;
  private final Duration length;
  private long token;

  /** By {@link System#nanoTime}: until then nobody else has it, as far as the Redis keeps it. */
  private long end;

  Lease(Redis redis, ContractId id, String owner, Duration length) {
    this.redis = redis;
    this.id = id;
    this.owner = owner;
    this.length = length;
  }

  /** Whether it is ours now. */
  boolean acquire() {
    long asked = System.nanoTime();
    Object answer =
        redis.script(
            "lock contract " + id, ACQUIRE, List.of(key(), TOKEN), List.of(owner, millis()));
    token = answer instanceof Long number ? number : 0;
    end = asked + length.toNanos();
    return token != 0;
  }

  /** Higher than that of all who had it before. */
  long token() {
    return token;
  }

  /** Whether it may have ended by itself since it was last made to last. */
  boolean mayHaveEnded() {
    return System.nanoTime() - end > 0;
  }

  /** Makes it last from now on; false if another has it. */
  boolean renew() {
    long asked = System.nanoTime();
    Object answer =
        redis.script(
            "keep the lock of contract " + id,
            RENEW,
            List.of(key(), TOKEN),
            List.of(value(), millis(), Long.toString(token)));
    boolean ours = Long.valueOf(1).equals(answer);
    if (ours) {
      end = asked + length.toNanos();
    }
    return ours;
  }

  /** Gives it up, if it is ours. */
  void release() {
    redis.script("unlock contract " + id, RELEASE, List.of(key()), List.of(value()));
  }

  private String key() {
    return LOCK + id;
  }

  private String millis() {
    return Long.toString(length.toMillis());
  }

  private String value() {
    return owner + " " + token;
  }
}
