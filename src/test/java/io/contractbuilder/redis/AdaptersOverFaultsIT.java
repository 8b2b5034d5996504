package io.contractbuilder.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.ledger.redis.RedisLedger;
import io.contractbuilder.scheduler.ScheduledContract;
import io.contractbuilder.scheduler.redis.RedisScheduler;
import io.contractbuilder.storage.redis.RedisContractLock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is pushed is there once, whatever is lost on the way. */
@SuppressWarnings("NullAway.Init")
class AdaptersOverFaultsIT {
  private static final TransactionType TYPE = new TransactionType("currency");
  private static final ContractId ID = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");

  @TempDir private Path folder;

  @Test
  void aLostAnswerIsNoSecondTransaction() throws Exception {
    try (var server = RedisServer.start(folder);
        var proxy = new CuttingProxy(server.port());
        var redis = new Redis(proxy.address())) {
      var ledger = new RedisLedger(redis, "chain");
      proxy.cutNext(2);
      ledger.append(transaction("a"));

      assertThat(proxy.cut()).isEqualTo(2);
      assertThat(server.pushed("dc:tx:incoming")).hasSize(1);
      assertThat(ledger.append(transaction("a"))).isFalse();
      assertThat(ledger.append(transaction("b"))).isTrue();
    }
  }

  @Test
  void aLostAnswerIsNoSecondSchedule() throws Exception {
    try (var server = RedisServer.start(folder);
        var proxy = new CuttingProxy(server.port());
        var redis = new Redis(proxy.address())) {
      var scheduler = new RedisScheduler(redis);
      proxy.cutNext(1);
      scheduler.schedule(
          new ScheduledContract(ID, TYPE, ExecutionOrder.SERIAL, new Schedule.Every(30)));
      assertThat(proxy.cut()).isEqualTo(1);
      assertThat(server.pushed("mq:scheduler")).hasSize(1);

      proxy.cutNext(1);
      scheduler.unschedule(ID, TYPE, ExecutionOrder.SERIAL);
      assertThat(proxy.cut()).isEqualTo(2);
      assertThat(server.pushed("mq:scheduler")).hasSize(2);
    }
  }

  @Test
  void aLostAnswerDoesNotLockOneselfOut() throws Exception {
    try (var server = RedisServer.start(folder);
        var proxy = new CuttingProxy(server.port())) {
      var lock = new RedisContractLock(proxy.address(), new Random(), _ -> {});
      proxy.cutNext(1);
      try (var held = lock.acquire(ID, Duration.ZERO)) {
        assertThat(held).isNotNull();
        proxy.cutNext(1);
      }
      assertThat(proxy.cut()).isEqualTo(2);
      try (var held = lock.acquire(ID, Duration.ZERO)) {
        assertThat(held).isNotNull();
      }
    }
  }

  @Test
  void aRestartInTheMiddleLosesAndRepeatsNothing() throws Exception {
    try (var server = RedisServer.start(folder, "--appendfsync always");
        var threads = Executors.newSingleThreadExecutor();
        var redis = new Redis(server.address())) {
      var ledger = new RedisLedger(redis, "chain");
      int restarts = 3;
      int each = 60;
      var appended =
          threads.submit(
              () -> {
                for (int i = 0; i < each * (restarts + 1); i++) {
                  ledger.append(transaction("transaction-" + i));
                }
                return true;
              });
      for (int restart = 1; restart <= restarts; restart++) {
        awaitLength(server, restart * each);
        server.stop();
        server.start();
      }
      assertThat(appended.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(server.pushed("dc:tx:incoming"))
          .hasSize(each * (restarts + 1))
          .doesNotHaveDuplicates();
    }
  }

  private static void awaitLength(RedisServer server, int length) {
    try (var client = server.client()) {
      while (client.llen("dc:tx:incoming") < length) {
        Thread.onSpinWait();
      }
    }
  }

  private static LedgerTransaction transaction(String id) {
    return new LedgerTransaction(id, "task", Instant.EPOCH, TYPE, "create", "node", null);
  }
}
