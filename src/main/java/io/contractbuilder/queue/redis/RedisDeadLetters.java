package io.contractbuilder.queue.redis;

import io.contractbuilder.queue.DeadLetters;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that {@link RedisTaskQueue} put aside: {@code contract-builder:dead-letter} holds their
 * numbers by when they failed. Every call throws a {@link RedisException} if it is not known to
 * have come about.
 */
public final class RedisDeadLetters implements DeadLetters {
  private static final int MOST = 1000;

  private final Redis redis;

  public RedisDeadLetters(Redis redis) {
    this.redis = redis;
  }

  @Override
  public List<DeadLetter> all() {
    var all = new ArrayList<DeadLetter>();
    if (run("list the dead letters", QueueScript.DEAD_LETTERS, MOST) instanceof List<?> answers) {
      for (Object answer : answers) {
        all.add(letter((List<?>) answer));
      }
    }
    return all;
  }

  @Override
  public @Nullable DeadLetter find(long number) {
    return run("read task " + number, QueueScript.DEAD_LETTER, number) instanceof List<?> answer
        ? letter(answer)
        : null;
  }

  @Override
  public boolean retry(long number) {
    return Long.valueOf(1)
        .equals(run("let task " + number + " wait again", QueueScript.RETRY, number));
  }

  @Override
  public boolean drop(long number) {
    return Long.valueOf(1).equals(run("drop task " + number, QueueScript.DROP, number));
  }

  private static DeadLetter letter(List<?> answer) {
    String contract = QueueAnswers.contract(answer, 1);
    return new DeadLetter(
        QueueAnswers.number(answer, 0),
        contract,
        QueueAnswers.text(answer, 2),
        QueueAnswers.text(answer, 3),
        Instant.ofEpochMilli(QueueAnswers.number(answer, 4)),
        Instant.ofEpochMilli(QueueAnswers.number(answer, 5)),
        (int) QueueAnswers.number(answer, 6),
        answer.get(7) instanceof byte[] event ? event : new byte[0]);
  }

  private @Nullable Object run(String operation, QueueScript script, long argument) {
    return redis.script(operation, script.lua(), List.of(), List.of(Long.toString(argument)));
  }
}
