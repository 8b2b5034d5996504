package io.contractbuilder.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.contractbuilder.contract.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis servers that are away, refuse, hang, or come back. */
@SuppressWarnings("NullAway.Init")
class RedisFaultsIT {

  /** Tries for a short while what is refused; a slow machine's answer is waited for. */
  private static final RedisLimits SHORT =
      new RedisLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofMillis(700),
          Duration.ofMillis(20));

  private static final RedisLimits IMPATIENT =
      new RedisLimits(
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(700),
          Duration.ofMillis(20));

  private static final String WRITE = "return redis.call('SET', KEYS[1], ARGV[1])";

  @TempDir private Path folder;

  @Test
  void oneThatNobodyServesIsNamedWithWhatToCheck() {
    var address = RedisAddress.open("127.0.0.1", RedisServer.freePort());

    RedisException e = failure(address);

    assertThat(e)
        .hasMessage(
            "redis %s: store a thing: no connection (Connection refused).".formatted(address)
                + " Check that it is up, its name and its port");
    assertThat(e.retryHelps()).isTrue();
  }

  @Test
  void aHostThatNobodyKnowsIsNotAskedForAgain() {
    assertThat(failure(RedisAddress.open("redis.invalid", 6379)).answer())
        .isEqualTo("its host is not known");
  }

  @Test
  void oneThatComesUpIsWaitedFor() throws Exception {
    try (var server = RedisServer.start(folder)) {
      server.stop();
      meanwhile(() -> write(server.address(), RedisLimits.USUAL), server::start);
    }
  }

  @Test
  void oneThatRestartsBetweenTwoCommandsIsFoundAgain() {
    try (var server = RedisServer.start(folder);
        var redis = new Redis(server.address())) {
      write(redis);
      server.stop();
      server.start();
      write(redis);

      assertThat(Redis.text(redis.command("read", RedisCommand.GET, "thing"))).isEqualTo("x");
    }
  }

  @Test
  void oneThatLoadsIsWaitedForOrNamed() throws Exception {
    try (var server = RedisServer.start(folder)) {
      try (var client = server.client()) {
        for (int i = 0; i < 1_000; i++) {
          client.set("key-" + i, "x".repeat(1_100));
        }
        client.configSet("rdbcompression", "no");
        client.save();
      }
      server.stop();
      // 50 s, if nobody says otherwise; asked, it answers after each kilobyte: each key.
      server.launch(
          "--appendonly no",
          "--key-load-delay 50000",
          "--loading-process-events-interval-bytes 1024");
      await(() -> isRefused(server.address(), "LOADING"));
      try (var client = server.client()) {
        client.configSet("key-load-delay", "0");
      }

      assertThat(write(server.address(), RedisLimits.USUAL)).isEqualTo("OK");
    }
  }

  @Test
  void aReplicaThatIsMadeThePrimaryIsWaitedFor() throws Exception {
    try (var server = RedisServer.start(folder);
        var client = server.client()) {
      client.replicaof("127.0.0.1", RedisServer.freePort());

      RedisException e = failure(server.address());
      assertThat(e.answer()).startsWith("READONLY You can't write against a read only replica");
      assertThat(e.remedy()).contains("name the primary");
      assertThat(e.retryHelps()).isTrue();

      client.configResetStat();
      meanwhile(
          () -> write(server.address(), RedisLimits.USUAL),
          () -> {
            await(() -> client.info("commandstats").contains("cmdstat_eval"));
            client.replicaofNoOne();
          });
    }
  }

  @Test
  void aReplicaWithoutItsPrimaryIsNamed() {
    try (var server = RedisServer.start(folder, "--replica-serve-stale-data", "no");
        var client = server.client()) {
      client.replicaof("127.0.0.1", RedisServer.freePort());

      assertThat(failure(server.address()).answer()).startsWith("MASTERDOWN");
    }
  }

  @Test
  void aPasswordIsReadAtEachConnectAndNeverTold() {
    Queue<@Nullable Secret> passwords = new ArrayDeque<>();
    try (var server = RedisServer.start(folder, "--requirepass", "open:sesame")) {
      var address =
          new RedisAddress("127.0.0.1", server.port(), null, "default", passwords::remove);
      passwords.add(new Secret("wrong:sesame"));
      RedisException wrong = failure(address);
      passwords.add(new Secret("open:sesame"));

      assertThat(write(address, SHORT)).isEqualTo("OK");
      assertThat(wrong.answer()).startsWith("WRONGPASS");
      assertThat(wrong.remedy()).contains("CONTRACT_BUILDER_REDIS_PASSWORD_FILE");
      assertThat(wrong.retryHelps()).isFalse();
      assertThat(wrong).hasNoCause();
      assertThat(wrong.getMessage()).doesNotContain("sesame");
    }
  }

  @Test
  void aPasswordThatIsMissingOrTooMuchIsNamed() {
    try (var server = RedisServer.start(folder);
        var client = server.client()) {
      var address =
          new RedisAddress("127.0.0.1", server.port(), null, null, () -> new Secret("sesame"));
      assertThat(failure(address).answer()).startsWith("ERR AUTH").doesNotContain("sesame");

      client.configSet("requirepass", "sesame");
      assertThat(failure(server.address()).answer()).startsWith("NOAUTH");
      assertThat(write(address, SHORT)).isEqualTo("OK");
    }
  }

  @Test
  void oneWithoutMemoryIsNamedAndHasNothingOfTheScript() {
    try (var server = RedisServer.start(folder);
        var client = server.client()) {
      client.configSet("maxmemory", "1");

      RedisException e = failure(server.address());

      assertThat(e.answer()).startsWith("OOM command not allowed");
      assertThat(e.remedy()).contains("maxmemory");
      assertThat(e.retryHelps()).isTrue();
      assertThat(client.exists("thing")).isFalse();
    }
  }

  @Test
  void oneThatHangsIsGivenUpInTimeAndFoundAgain() throws Exception {
    try (var server = RedisServer.start(folder);
        var redis = new Redis(server.address(), IMPATIENT)) {
      await(() -> isWritten(redis));
      server.signal("STOP");
      try {
        long begin = System.nanoTime();
        assertThatThrownBy(() -> write(redis))
            .isInstanceOf(RedisException.class)
            .hasMessageContaining("timed out");
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(20));
      } finally {
        server.signal("CONT");
      }
      await(() -> isWritten(redis));
    }
  }

  @Test
  void whoIsInterruptedWaitsNoLonger() {
    var address = RedisAddress.open("127.0.0.1", RedisServer.freePort());
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> write(address, RedisLimits.USUAL))
          .isInstanceOf(RedisException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void whatTheUserMayNotDoIsNamed() {
    try (var server = RedisServer.start(folder);
        var client = server.client()) {
      client.aclSetUser("builder", "on", ">sesame", "~*", "+get", "+auth");
      var address =
          new RedisAddress("127.0.0.1", server.port(), null, "builder", () -> new Secret("sesame"));

      assertThat(failure(address).answer()).startsWith("NOPERM");
    }
  }

  private static boolean isRefused(RedisAddress address, String answer) {
    RedisException e = failure(address);
    return e != null && e.answer().startsWith(answer);
  }

  private static boolean isWritten(Redis redis) {
    try {
      return "OK".equals(write(redis));
    } catch (RedisException e) {
      return false;
    }
  }

  private static RedisException failure(RedisAddress address) {
    return catchThrowableOfType(RedisException.class, () -> write(address, SHORT));
  }

  private static @Nullable String write(RedisAddress address, RedisLimits limits) {
    try (var redis = new Redis(address, limits)) {
      return write(redis);
    }
  }

  private static @Nullable String write(Redis redis) {
    return Redis.text(redis.script("store a thing", WRITE, List.of("thing"), List.of("x")));
  }

  /** Does the other thing while the first goes on, which ends well. */
  private static void meanwhile(Callable<?> first, Runnable other) throws Exception {
    try (var threads = Executors.newSingleThreadExecutor()) {
      var begun = new CompletableFuture<Void>();
      var result =
          threads.submit(
              () -> {
                begun.complete(null);
                return first.call();
              });
      begun.join();
      other.run();
      assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo("OK");
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it came in time").isLessThan(end);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
