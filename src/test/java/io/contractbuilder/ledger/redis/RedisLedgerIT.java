package io.contractbuilder.ledger.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.ledger.DocumentLedgerConformance;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.redis.OwnRedis;
import io.contractbuilder.redis.Redis;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("NullAway.Init")
class RedisLedgerIT extends DocumentLedgerConformance {
  @RegisterExtension static final OwnRedis REDIS = new OwnRedis();

  @Override
  protected Ledger ledger() {
    return new RedisLedger(REDIS.connection(), CHAIN);
  }

  @Override
  protected List<String> documents() {
    return REDIS.server().pushed("dc:tx:incoming");
  }

  @Test
  void whatTheChainHasTakenIsNotAppendedAgain() {
    ledger().append(transaction("a"));
    try (var chain = REDIS.server().client()) {
      chain.rpop("dc:tx:incoming");
    }

    assertThat(ledger().append(transaction("a"))).isFalse();
    assertThat(documents()).isEmpty();
  }

  @Test
  void anIdIsRememberedForDaysAndNotForEver() {
    ledger().append(transaction("a"));

    try (var client = REDIS.server().client()) {
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
            try (var own = new Redis(REDIS.server().address())) {
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
    assertThat(new RedisLedger(REDIS.connection(), CHAIN).version())
        .matches("Redis \\d+\\.\\d+\\.\\d+");
  }

  private static LedgerTransaction transaction(String id) {
    return new LedgerTransaction(
        id, "task-" + id, Instant.EPOCH, new TransactionType("currency"), "create", "node", null);
  }
}
