package io.contractbuilder.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.redis.OwnRedis;
import io.contractbuilder.redis.RedisException;
import io.contractbuilder.storage.ContractLock;
import io.contractbuilder.storage.ContractLockConformance;
import io.contractbuilder.storage.StorageException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("NullAway.Init")
class RedisContractLockIT extends ContractLockConformance {
  private static final String KEY = "contract-builder:lock:" + ONE;

  /** Renewed each second; a slow machine may be late by five. */
  private static final Duration SHORT = Duration.ofSeconds(6);

  @RegisterExtension static final OwnRedis REDIS = new OwnRedis();
  private final Random random = new Random();
  private final BlockingQueue<ContractId> lost = new ArrayBlockingQueue<>(9);

  @Override
  protected ContractLock lock() {
    return new RedisContractLock(REDIS.server().address(), random, lost::add);
  }

  private ContractLock shortOne() {
    return new RedisContractLock(REDIS.server().address(), random, lost::add, SHORT);
  }

  @Test
  void leavesNothingOfTheContract() throws Exception {
    acquire(ONE, AT_ONCE).close();

    try (var client = REDIS.server().client()) {
      assertThat(client.keys("*")).containsExactly("contract-builder:lock-token");
    }
  }

  @Test
  void isRenewedWhileItIsHeld() throws Exception {
    try (var client = REDIS.server().client();
        var _ = shortOne().acquire(ONE, AT_ONCE)) {
      long end = System.nanoTime() + LONG.toNanos();
      long before = client.pttl(KEY);
      long left = before;
      while (left <= before && System.nanoTime() < end) {
        before = left;
        left = client.pttl(KEY);
      }
      assertThat(left).isGreaterThan(before);
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void ofAProcessThatWasKilledEndsByItself() throws Exception {
    try (var client = REDIS.server().client()) {
      client.set(KEY, "another's 1", new redis.clients.jedis.params.SetParams().px(200));
    }

    acquire(ONE, LONG).close();
  }

  @Test
  void endsNoLaterThanItsLength() throws Exception {
    try (var _ = acquire(ONE, AT_ONCE);
        var client = REDIS.server().client()) {
      assertThat(client.pttl(KEY)).isBetween(25_000L, 30_000L);
    }
  }

  @Test
  void eachHasAHigherTokenThanTheOneBefore() throws Exception {
    try (var client = REDIS.server().client()) {
      long before = 0;
      for (int i = 0; i < 3; i++) {
        try (var _ = acquire(ONE, AT_ONCE)) {
          String value = client.get(KEY);
          long token = Long.parseLong(value.substring(value.indexOf(' ') + 1));
          assertThat(token).isGreaterThan(before);
          before = token;
        }
      }
    }
  }

  @Test
  void whoLostItIsToldAndLeavesTheOthers() throws Exception {
    try (var client = REDIS.server().client()) {
      try (var _ = shortOne().acquire(ONE, AT_ONCE)) {
        client.set(KEY, "another's 7");
        assertThat(lost.poll(20, TimeUnit.SECONDS)).isEqualTo(ONE);
      }
      assertThat(client.get(KEY)).isEqualTo("another's 7");
    }
  }

  @Test
  void isTakenAgainFromARedisThatLostIt() throws Exception {
    try (var client = REDIS.server().client();
        var _ = shortOne().acquire(ONE, AT_ONCE)) {
      String value = client.get(KEY);
      client.del(KEY);
      long end = System.nanoTime() + LONG.toNanos();
      while (!value.equals(client.get(KEY)) && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(client.get(KEY)).isEqualTo(value);
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void isHeldOverARestartOfItsRedis() throws Exception {
    try (var _ = acquire(ONE, AT_ONCE)) {
      REDIS.server().stop();
      REDIS.server().start();

      assertThat(lock().acquire(ONE, Duration.ofMillis(300))).isNull();
    }
    acquire(ONE, AT_ONCE).close();
  }

  @Test
  void whoHeldItThroughAnothersWholeJobHasLostIt() throws Exception {
    try (var client = REDIS.server().client();
        var held = acquire(ONE, AT_ONCE)) {
      held.check();
      // As if its process had been stopped for longer than the lease.
      client.del(KEY);
      acquire(ONE, AT_ONCE).close();

      assertThatThrownBy(held::check)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("another job has it, or had it since");
      client.del("contract-builder:lock-token");
      assertThatThrownBy(held::check).isInstanceOf(StorageException.class);
    }
  }

  @Test
  void isOursWhileItsRedisIsAwayButNoLongerThanItLasts() throws Exception {
    try (var held = shortOne().acquire(ONE, AT_ONCE)) {
      assertThat(held).isNotNull();
      long token = held.token();
      held.check();
      REDIS.server().stop();
      try {
        // The Redis is tried for longer than this lease lasts.
        assertThatThrownBy(held::check).isInstanceOf(RedisException.class);
      } finally {
        REDIS.server().start();
      }
      assertThat(token).isPositive();
    }
  }
}
