package io.contractbuilder.queue.redis;

import io.contractbuilder.queue.QueueOverview;
import io.contractbuilder.queue.QueueState;
import io.contractbuilder.redis.Redis;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link QueueScript}s answer. */
final class QueueAnswers {
  private QueueAnswers() {}

  static QueueState state(@Nullable Object answer) {
    List<?> fields = list(answer);
    return new QueueState(
        number(fields, 0),
        number(fields, 1),
        number(fields, 2),
        number(fields, 3),
        number(fields, 4),
        number(fields, 5),
        Duration.ofMillis(number(fields, 6)));
  }

  static QueueOverview overview(@Nullable Object answer) {
    List<?> fields = list(answer);
    return new QueueOverview(
        time(fields, 0),
        state(fields.get(1)),
        rows(
            fields.get(2),
            row -> new QueueOverview.Running(task(row), time(row, 5), text(row, 8), text(row, 9))),
        rows(fields.get(3), QueueAnswers::task),
        rows(fields.get(4), row -> new QueueOverview.Paused(task(row), time(row, 8), text(row, 7))),
        rows(fields.get(5), row -> new QueueOverview.Dead(task(row), time(row, 8), text(row, 7))));
  }

  private static QueueOverview.Task task(List<?> row) {
    return new QueueOverview.Task(
        number(row, 0),
        contract(row, 1),
        text(row, 2),
        text(row, 3),
        time(row, 4),
        (int) number(row, 6));
  }

  private static <T> List<T> rows(@Nullable Object answer, Function<List<?>, T> read) {
    return list(answer).stream().<T>map(row -> read.apply(list(row))).toList();
  }

  private static List<?> list(@Nullable Object answer) {
    if (answer instanceof List<?> fields) {
      return fields;
    }
    throw new IllegalStateException("the script answers a list");
  }

  private static Instant time(List<?> answer, int index) {
    return Instant.ofEpochMilli(number(answer, index));
  }

  /** A contract's id; empty where a task named none. */
  static String contract(List<?> answer, int index) {
    String contract = text(answer, index);
    return contract.startsWith("none-") ? "" : contract;
  }

  /** A text; empty where there is none. */
  static String text(List<?> answer, int index) {
    return Objects.requireNonNullElse(Redis.text(answer.get(index)), "");
  }

  /** A number, or its digits; 0 where there are none. */
  static long number(List<?> answer, int index) {
    Object value = answer.get(index);
    String text = value instanceof Long number ? number.toString() : Redis.text(value);
    return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
  }
}
