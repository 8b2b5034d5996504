package io.contractbuilder.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.contract.Violation;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.queue.QueuedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettlementTest {
  private static final Outcome RETRY = new Outcome.Retry("the gateway is away", List.of(), null);

  private static QueuedTask task(int attempts, int deaths) {
    return new QueuedTask(
        7,
        new QueuedTask.Hold("w", 0),
        new byte[] {'{', '}'},
        Instant.EPOCH,
        attempts,
        deaths,
        false);
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "1, 15", "2, 45", "3, 135", "4, 405"})
  void whatMayPassIsTriedAgainAfterLongerAndLongerPauses(int attempts, long seconds) {
    assertThat(Settlement.of(task(attempts, 0), RETRY, false))
        .isEqualTo(new Settlement.Later(Duration.ofSeconds(seconds), "the gateway is away"));
  }

  @Test
  void theSixthTryIsTheLast() {
    assertThat(Settlement.of(task(5, 0), RETRY, false))
        .isEqualTo(new Settlement.Bury("Tried 6 times. the gateway is away"));
  }

  @Test
  void whatWasToldToStopGoesBackAndCountsNothing() {
    assertThat(Settlement.of(task(5, 0), RETRY, true)).isEqualTo(new Settlement.PutBack());
    assertThat(Settlement.of(task(5, 0), new Failure(false), true))
        .isEqualTo(new Settlement.PutBack());
    assertThat(Settlement.of(task(0, 0), new Outcome.Done(null, List.of(), true), true))
        .isEqualTo(new Settlement.Done(true));
  }

  @Test
  void whatCannotGoWellIsBuriedAtOnce() {
    assertThat(
            Settlement.of(task(0, 0), new Outcome.Failed("no such image", List.of(), null), false))
        .isEqualTo(new Settlement.Bury("no such image"));
    var invalid = new InvalidInput("event", List.of(new Violation("$.id", "nothing", "a UUID")));
    assertThat(Settlement.of(task(0, 0), invalid, false)).isInstanceOf(Settlement.Bury.class);
    assertThat(Settlement.of(task(0, 0), new Failure(false), false))
        .isInstanceOf(Settlement.Bury.class);
    assertThat(Settlement.of(task(0, 0), new Failure(true), false))
        .isInstanceOf(Settlement.Later.class);
  }

  @Test
  void anUnexpectedFailuresOwnWordsAreNotKept() {
    Settlement settlement =
        Settlement.of(task(0, 0), new IllegalStateException("with s3cr3t in it"), false);
    assertThat(settlement.toString())
        .contains("java.lang.IllegalStateException", "SettlementTest")
        .doesNotContain("s3cr3t");
  }

  @Test
  void aTaskIsDeadlyOnceItEndedItsProcessTenTimes() {
    assertThat(Settlement.isDeadly(task(0, 9))).isFalse();
    assertThat(Settlement.isDeadly(task(0, 10))).isTrue();
  }

  private static final class Failure extends PartFailure {
    Failure(boolean retryHelps) {
      super("storage", "reading", "no answer", "Look at it", retryHelps, null);
    }
  }
}
