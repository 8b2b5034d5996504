package io.contractbuilder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronExpressionTest {

  /** {@code cron-oracle.tsv} is written by {@code cron-oracle.py} beside it, which says how. */
  private record Answer(String expression, String time, String next) {}

  private static Collection<List<Answer>> oracle() throws IOException {
    var answers = new LinkedHashMap<String, List<Answer>>();
    try (InputStream file =
        Objects.requireNonNull(
            CronExpressionTest.class.getResourceAsStream("/contract/cron-oracle.tsv"))) {
      for (String line : new String(file.readAllBytes(), UTF_8).lines().toList()) {
        List<String> columns = List.of(line.split("\t", -1));
        String expression = Json.read(columns.getFirst().getBytes(UTF_8)).textValue();
        answers
            .computeIfAbsent(expression, _ -> new ArrayList<>())
            .add(new Answer(expression, columns.get(1), columns.get(2)));
      }
    }
    return answers.values();
  }

  @Test
  void answersAsApschedulerDoes() throws IOException {
    var softly = new SoftAssertions();
    int refused = 0;
    int answered = 0;
    for (List<Answer> answers : oracle()) {
      for (Answer answer : answers) {
        String ours = ask(answer);
        softly.assertThat(ours).as("%s", answer).isEqualTo(answer.next());
        refused += ours.equals("refused") ? 1 : 0;
        answered += ours.equals("refused") ? 0 : 1;
      }
    }
    softly.assertAll();
    assertThat(refused).isGreaterThan(100);
    assertThat(answered).isGreaterThan(700);
  }

  private static String ask(Answer answer) {
    CronExpression cron;
    try {
      cron = CronExpression.parse(answer.expression());
    } catch (IllegalArgumentException e) {
      return "refused";
    }
    Instant next =
        cron.next(
            Instant.parse(
                answer.time().equals("refused") ? "2024-01-01T00:00:00Z" : answer.time()));
    return next == null ? "never" : next.toString();
  }

  /** Minute by minute, the plain meaning of single values, ranges and steps. */
  @Test
  void findsWhatAPlainSearchFinds() {
    long seed = 42;
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 300; i++) {
      var minute = TestField.random(random, 0, 59);
      var hour = TestField.random(random, 0, 23);
      var day = TestField.random(random, 1, 31);
      var weekday = TestField.random(random, 0, 6);
      String text = String.join(" ", minute.text(), hour.text(), day.text(), "*", weekday.text());
      Instant start = Instant.ofEpochSecond(random.nextLong(4_000_000_000L));
      Instant end = start.plus(Duration.ofDays(10));
      Instant expected =
          IntStream.rangeClosed(1, 10 * 1440)
              .mapToObj(minutes -> start.plusSeconds(60L * minutes))
              .map(t -> Instant.ofEpochSecond(t.getEpochSecond() / 60 * 60))
              .filter(
                  t -> {
                    LocalDateTime time = LocalDateTime.ofInstant(t, ZoneOffset.UTC);
                    return minute.matches().test(time.getMinute())
                        && hour.matches().test(time.getHour())
                        && day.matches().test(time.getDayOfMonth())
                        && weekday.matches().test(time.getDayOfWeek().getValue() - 1);
                  })
              .findFirst()
              .orElse(null);
      Instant next = CronExpression.parse(text).next(start);
      if (expected == null) {
        assertThat(next == null || next.isAfter(end.minusSeconds(60)))
            .as("seed %d: %s after %s gave %s", seed, text, start, next)
            .isTrue();
      } else {
        assertThat(next).as("seed %d: %s after %s", seed, text, start).isEqualTo(expected);
      }
    }
  }

  private record TestField(String text, IntPredicate matches) {
    static TestField random(SplittableRandom random, int low, int high) {
      int first = random.nextInt(low, high);
      int last = random.nextInt(first + 1, high + 1);
      int step = random.nextInt(1, last - first + 1);
      return switch (random.nextInt(4)) {
        case 0 -> new TestField("*", _ -> true);
        case 1 -> new TestField(first + "," + last, n -> n == first || n == last);
        case 2 -> new TestField(first + "-" + last, n -> n >= first && n <= last);
        default ->
            new TestField(
                first + "-" + last + "/" + step,
                n -> n >= first && n <= last && (n - first) % step == 0);
      };
    }
  }

  @Test
  void isNeverTheTimeItIsAskedFor() {
    CronExpression everyMinute = CronExpression.parse("* * * * *");
    Instant minute = Instant.parse("2024-01-01T00:00:00Z");
    assertThat(everyMinute.next(minute)).isEqualTo("2024-01-01T00:01:00Z");
    assertThat(everyMinute.next(minute.minusNanos(1))).isEqualTo(minute);
  }

  @Test
  void givesUpOnWhatNeverComesWithoutSearchingLong() {
    CronExpression never = CronExpression.parse("* * 31 2,4,6,9,11 *");
    long start = System.nanoTime();
    assertThat(never.next(Instant.parse("2024-01-01T00:00:00Z"))).isNull();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void findsALeapDaysWeekdayAcrossACenturyWithoutOne() {
    assertThat(CronExpression.parse("0 0 29 2 mon").next(Instant.parse("2088-03-01T00:00:00Z")))
        .isEqualTo("2112-02-29T00:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "1960-05-05T05:05:05Z,1970-01-01T00:00:00Z",
    "9999-12-31T23:58:00Z,9999-12-31T23:59:00Z",
    "9999-12-31T23:59:00Z,",
    "+100000-01-01T00:00:00Z,"
  })
  void staysInTheSchedulersYears(Instant time, Instant next) {
    assertThat(CronExpression.parse("* * * * *").next(time)).isEqualTo(next);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * *|five fields in UTC",
        "60 * * * *|minute: 0 to 59, as",
        "* 24 * * *|hour: 0 to 23, as",
        "* * 0 * *|day of month: 1 to 31 or last, as",
        "* * * foo *|month: 1 to 12 or jan to dec, as",
        "* * * * 7|day of week: 0 (Monday) to 6 (Sunday) or mon to sun, as"
      })
  void saysWhatIsAllowed(String text, String allowed) {
    assertThatThrownBy(() -> CronExpression.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(allowed);
  }

  @Test
  void isEqualToWhatIsWrittenAlike() {
    CronExpression cron = CronExpression.parse("*/5  * * * Mon");
    assertThat(cron)
        .hasToString("*/5  * * * Mon")
        .isEqualTo(CronExpression.parse("*/5  * * * Mon"))
        .hasSameHashCodeAs(CronExpression.parse("*/5  * * * Mon"))
        .isNotEqualTo(CronExpression.parse("*/5 * * * 0"));
  }
}
