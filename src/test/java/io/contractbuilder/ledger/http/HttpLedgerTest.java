package io.contractbuilder.ledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.LedgerConformance;
import io.contractbuilder.ledger.LedgerException;
import io.contractbuilder.ledger.LedgerView;
import io.contractbuilder.ledger.http.PlayedChain.Fate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init")
class HttpLedgerTest extends LedgerConformance {
  private PlayedChain chain;
  private HttpLedger ledger;
  private Duration waited = Duration.ZERO;
  private Duration answer = Duration.ofSeconds(15);

  @BeforeEach
  void start() throws IOException {
    chain = new PlayedChain();
    ledger = with(PlayedChain.KEY, time -> waited = waited.plus(time));
  }

  @AfterEach
  void stop() {
    ledger.close();
    chain.close();
    // The interruption that a test leaves is its own.
    Thread.interrupted();
  }

  private HttpLedger with(String key, HttpLedger.Pauses pauses) {
    return new HttpLedger(
        chain.url(),
        "contract-action",
        PlayedChain.KEY_ID,
        () -> new Secret(key),
        PlayedChain.ID,
        InstantSource.system(),
        pauses,
        answer);
  }

  @Override
  protected Ledger ledger() {
    return ledger;
  }

  @Override
  protected List<String> ids() {
    return chain.taken.stream()
        .map(transaction -> transaction.at("/payload/transaction_id").asText())
        .toList();
  }

  @Test
  void aYesThatNamesNoTransactionIsNotBelieved() {
    chain.fates.add(PlayedChain.Fate.LOST_WITH_A_PAGE);

    assertThat(ledger.append(transaction(FIRST, "create"))).isTrue();

    assertThat(ids()).containsExactly(FIRST);
  }

  @Test
  void sendsTheTransactionAsTheChainTakesIt() {
    ledger.append(transaction(FIRST, "create"));

    assertThat(chain.taken.getFirst())
        .hasToString(
            "{\"version\":\"1\",\"txn_type\":\"contract-action\",\"tag\":\"contract:currency task-"
                + FIRST
                + "\",\"payload\":{\"action\":\"create\",\"txn_type\":\"currency\","
                + "\"contract_entrypoint\":\"node index.js\",\"image_digest\":\""
                + IMAGE.value()
                + "\",\"transaction_id\":\""
                + FIRST
                + "\"}}");
    assertThat(chain.asked.getFirst())
        .startsWith("GET /v1/transaction?transaction_type=contract-action&q=%40tag%3A%22task-");
  }

  @Test
  void whatWasTakenButNotAnsweredIsFoundInALaterBlockAndNotSentAgain() {
    for (Fate fate : List.of(Fate.TAKEN_BUT_NO_ANSWER, Fate.TAKEN_BUT_500)) {
      chain.taken.clear();
      chain.fates.add(fate);
      chain.misses = 3;

      assertThat(ledger.append(transaction(FIRST, "create"))).as(fate.name()).isTrue();
      assertThat(ids()).as(fate.name()).containsExactly(FIRST);
    }
  }

  @Test
  void whatWasLostIsSentAgainWhenNoBlockHasIt() {
    chain.fates.add(Fate.LOST_WITHOUT_ANSWER);

    assertThat(ledger.append(transaction(FIRST, "create"))).isTrue();
    assertThat(ids()).containsExactly(FIRST);
    assertThat(waited).isEqualTo(HttpLedger.SEARCH);
  }

  @Test
  void whatStaysUnknownMayBeTriedAgain() {
    chain.fates.addAll(List.of(Fate.LOST_WITHOUT_ANSWER, Fate.LOST_WITHOUT_ANSWER));

    assertThatThrownBy(() -> ledger.append(transaction(FIRST, "create")))
        .hasMessageContaining("not known whether it was taken")
        .asInstanceOf(type(LedgerException.class))
        .returns(true, LedgerException::retryHelps);
    assertThat(ledger.append(transaction(FIRST, "create"))).isTrue();
    assertThat(ids()).containsExactly(FIRST);
  }

  @Test
  void anInterruptedSearchSendsNothingMore() {
    chain.fates.add(Fate.TAKEN_BUT_NO_ANSWER);
    chain.misses = 9;
    try (HttpLedger interrupted =
        with(
            PlayedChain.KEY,
            time -> {
              throw new InterruptedException();
            })) {
      assertThatThrownBy(() -> interrupted.append(transaction(FIRST, "create")))
          .asInstanceOf(type(LedgerException.class))
          .returns(true, LedgerException::retryHelps);
    }
    assertThat(ids()).containsExactly(FIRST);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void aRefusalIsToldInTheChainsWordsAndNotRepeated() {
    chain.fates.add(Fate.REFUSED);

    assertThatThrownBy(() -> ledger.append(transaction(FIRST, "create")))
        .hasMessageContaining("403")
        .hasMessageContaining("ACTION_FORBIDDEN")
        .hasMessageContaining("CONTRACT_BUILDER_LEDGER_KEY_ID")
        .asInstanceOf(type(LedgerException.class))
        .returns(false, LedgerException::retryHelps);
    assertThat(ids()).isEmpty();
  }

  @Test
  void aWrongKeyIsRefusedAndNotQuoted() {
    try (HttpLedger wrong = with("c4n4ry", time -> {})) {
      assertThatThrownBy(wrong::version)
          .hasMessageContaining("401")
          .hasMessageNotContaining("c4n4ry")
          .asInstanceOf(type(LedgerException.class))
          .returns(false, LedgerException::retryHelps);
    }
  }

  @Test
  void aChainThatIsAwayMayBeTriedAgain() {
    chain.close();

    assertThatThrownBy(() -> ledger.append(transaction(FIRST, "create")))
        .hasMessageContaining("CONTRACT_BUILDER_LEDGER_URL")
        .asInstanceOf(type(LedgerException.class))
        .returns(true, LedgerException::retryHelps);
  }

  @ParameterizedTest
  @CsvSource({
    "TYPE_UNKNOWN, 404, CONTRACT_BUILDER_LEDGER_TYPE, false",
    "BUSY, 429, Look at the chain, true"
  })
  void whatItDoesNotTakeIsToldWithTheRemedy(
      Fate fate, String status, String remedy, boolean passes) {
    chain.fates.add(fate);

    assertThatThrownBy(() -> ledger.append(transaction(FIRST, "create")))
        .hasMessageContaining(status)
        .hasMessageContaining(remedy)
        .asInstanceOf(type(LedgerException.class))
        .returns(passes, LedgerException::retryHelps);
    assertThat(ids()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2000000, more than 1 MiB", "1, not JSON"})
  void whatIsNoChainsAnswerIsNotTakenForOne(int length, String words) {
    chain.saysInstead = "x".repeat(length);

    assertThatThrownBy(() -> ledger.append(transaction(FIRST, "create")))
        .hasMessageContaining("look for transaction " + FIRST)
        .hasMessageContaining(words);
    assertThat(ids()).isEmpty();
  }

  @Test
  void aChainThatSaysNothingIsGivenUpAndMayBeTriedAgain() {
    chain.silence = new CountDownLatch(1);
    answer = Duration.ofMillis(200);
    try (HttpLedger impatient = with(PlayedChain.KEY, time -> {})) {
      assertThatThrownBy(() -> impatient.append(transaction(FIRST, "create")))
          .hasMessageContaining("look for transaction " + FIRST)
          .hasMessageContaining("timed out")
          .asInstanceOf(type(LedgerException.class))
          .returns(true, LedgerException::retryHelps);
    } finally {
      chain.silence.countDown();
    }
    assertThat(ids()).isEmpty();
  }

  @Test
  void whatNoBlockHasIsLackingOnceItWouldHaveIt() {
    Instant now = Instant.now();
    ledger.append(transaction(FIRST, "create"));
    LedgerView view = ledger.view();

    assertThat(view.lacks(FIRST, "task-" + FIRST, Instant.EPOCH)).isFalse();
    assertThat(view.lacks(SECOND, "task-" + SECOND, Instant.EPOCH)).isTrue();
    // A task that was done again has another transaction.
    assertThat(view.lacks(SECOND, "task-" + FIRST, Instant.EPOCH)).isTrue();
    assertThat(view.lacks(SECOND, "task-" + SECOND, now)).isFalse();
    assertThat(view.lacks(SECOND, "task-" + SECOND, now.minus(HttpLedger.SEARCH).minusSeconds(1)))
        .isTrue();
  }

  @Test
  void aChainThatIsAwayIsFoundOutBeforeAnyTransactionIsLookedUp() {
    chain.close();

    assertThatThrownBy(ledger::view).hasMessageContaining("CONTRACT_BUILDER_LEDGER_URL");
  }

  @Test
  void asksForTheVersion() {
    assertThat(ledger.version()).isEqualTo("Dragonchain 4.5.2");
  }
}
