package io.contractbuilder.ledger.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.ledger.DocumentLedgerConformance;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class RedisLedgerIT extends DocumentLedgerConformance {
  private static RedisServer server;
  private Redis redis;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = RedisServer.start(folder);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void connect() {
    server.clear();
    redis = new Redis(server.address());
  }

  @AfterEach
  void disconnect() {
    redis.close();
  }

  @Override
  protected Ledger ledger() {
    return new RedisLedger(redis, CHAIN);
  }

  @Override
  protected List<String> documents() {
    return server.pushed("dc:tx:incoming");
  }

  @Test
  void whatTheChainHasTakenIsNotAppendedAgain() {
    ledger().append(transaction("a"));
    try (var chain = server.client()) {
      chain.rpop("dc:tx:incoming");
    }

    assertThat(ledger().append(transaction("a"))).isFalse();
    assertThat(documents()).isEmpty();
  }

  @Test
  void anIdIsRememberedForDaysAndNotForEver() {
    ledger().append(transaction("a"));

    try (var client = server.client()) {
      assertThat(client.ttl("contract-builder:ledgered:a")).isBetween(7 * 86_400L, 8 * 86_400L);
    }
  }

  @Test
  void manyAtATimeAppendEachOnce() throws Exception {
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 40; i++) {
      String id = "transaction-" + i % 20;
      tasks.add(
          () -> {
            try (var own = new Redis(server.address())) {
              return new RedisLedger(own, CHAIN).append(transaction(id));
            }
          });
    }
    int appended = 0;
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var result : threads.invokeAll(tasks)) {
        appended += result.get() ? 1 : 0;
      }
    }
    assertThat(appended).isEqualTo(20);
    assertThat(documents()).hasSize(20);
  }

  @Test
  void saysWhatKeepsIt() {
    assertThat(new RedisLedger(redis, CHAIN).version()).matches("Redis \\d+\\.\\d+\\.\\d+");
  }

  private static LedgerTransaction transaction(String id) {
    return new LedgerTransaction(
        id, "task-" + id, Instant.EPOCH, new TransactionType("currency"), "create", "node", null);
  }
}
