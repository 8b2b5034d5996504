package io.contractbuilder.ledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.LedgerConformance;
import io.contractbuilder.ledger.LedgerException;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.ledger.http.TestChain.Fate;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpLedgerTest extends LedgerConformance {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final LedgerTransaction CREATE =
      new LedgerTransaction(
          "0e8a3f0b-6c39-4d0a-b9b5-d2a3b1c4d5e6",
          "4f".repeat(32),
          NOW,
          new TransactionType("currency"),
          "create",
          "node index.js",
          new Digest("sha256:" + "a".repeat(64)));

  private TestChain chain;
  private Duration waited = Duration.ZERO;
  private HttpLedger ledger;

  @BeforeEach
  void start() throws IOException {
    chain = new TestChain();
    ledger = ledger(chain.url(), TestChain.KEY);
  }

  @AfterEach
  void stop() {
    ledger.close();
    chain.close();
  }

  private HttpLedger ledger(URI url, String key) {
    return new HttpLedger(
        url,
        TestChain.TYPE,
        TestChain.KEY_ID,
        () -> new Secret(key),
        TestChain.ID,
        InstantSource.fixed(NOW),
        time -> {
          waited = waited.plus(time);
          // A block every five seconds.
          if (waited.toSeconds() % 5 == 0) {
            chain.makeBlock();
          }
        });
  }

  @Override
  protected Ledger ledger() {
    // Blocks come between two calls.
    return transaction -> {
      chain.makeBlock();
      return ledger.append(transaction);
    };
  }

  @Override
  protected List<String> ids() {
    var ids = new ArrayList<String>();
    for (JsonNode transaction : chain.all()) {
      ids.add(transaction.path("payload").path("transaction_id").asText());
    }
    return ids;
  }

  @Test
  void tellsTheChainWhatWasDone() {
    assertThat(ledger.append(CREATE)).isTrue();

    assertThat(chain.all().getFirst().toString())
        .isEqualTo(
            "{\"version\":\"1\",\"txn_type\":\"contracts\",\"tag\":\"contract:currency "
                + CREATE.task()
                + "\",\"payload\":{\"action\":\"create\",\"txn_type\":\"currency\","
                + "\"contract_entrypoint\":\"node index.js\",\"image_digest\":\"sha256:"
                + "a".repeat(64)
                + "\",\"transaction_id\":\""
                + CREATE.id()
                + "\"}}");
    assertThat(waited).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fate.class,
      names = {"TAKEN_THEN_CUT", "TAKEN_THEN_500", "LOST_THEN_CUT", "LOST_THEN_500"})
  void standsInTheLedgerOnceAfterAnUnknownOutcome(Fate fate) {
    chain.fates.add(fate);

    assertThat(ledger.append(CREATE)).isTrue();

    assertThat(ids()).containsExactly(CREATE.id());
    assertThat(waited).isPositive();
  }

  @Test
  void anotherTransactionOfTheSameTaskIsNotTakenForIt() {
    ledger.append(CREATE);
    chain.makeBlock();
    var again =
        new LedgerTransaction(
            "11111111-2222-4333-8444-555555555555",
            CREATE.task(),
            NOW,
            CREATE.type(),
            "update",
            "node",
            null);
    assertThat(ledger.append(again)).isTrue();
    assertThat(ids()).containsExactly(CREATE.id(), again.id());
  }

  @Test
  void whatStaysUnknownIsWorthARetry() {
    chain.fates.addAll(List.of(Fate.LOST_THEN_500, Fate.LOST_THEN_CUT));

    assertThatThrownBy(() -> ledger.append(CREATE))
        .asInstanceOf(type(LedgerException.class))
        .matches(LedgerException::retryHelps)
        .extracting(LedgerException::answer)
        .isEqualTo("it is not known whether it was taken");
    assertThat(waited).isEqualTo(HttpLedger.SEARCH.multipliedBy(2));
  }

  @Test
  void aRefusalIsToldInTheChainsWords() {
    chain.fates.add(Fate.REFUSED);

    assertThatThrownBy(() -> ledger.append(CREATE))
        .asInstanceOf(type(LedgerException.class))
        .matches(failure -> !failure.retryHelps())
        .extracting(LedgerException::answer)
        .asString()
        .startsWith("403 ")
        .contains("cannot start with a dash");
    assertThat(ids()).isEmpty();
  }

  @Test
  void aWrongKeyIsToldWithoutTheKey() {
    try (HttpLedger wrong = ledger(chain.url(), "canary-key")) {
      assertThatThrownBy(() -> wrong.append(CREATE))
          .hasMessageContaining("401")
          .hasMessageContaining("CONTRACT_BUILDER_LEDGER_KEY_FILE")
          .hasMessageNotContaining("canary");
    }
  }

  @Test
  void aChainThatIsNotThereIsWorthARetry() {
    try (HttpLedger away = ledger(URI.create("http://127.0.0.1:1"), TestChain.KEY)) {
      assertThatThrownBy(() -> away.append(CREATE))
          .asInstanceOf(type(LedgerException.class))
          .matches(LedgerException::retryHelps)
          .extracting(LedgerException::remedy)
          .asString()
          .contains("CONTRACT_BUILDER_LEDGER_URL");
    }
  }

  @Test
  void asksForTheVersion() {
    assertThat(ledger.version()).isEqualTo("Dragonchain 4.5.1");
  }
}
