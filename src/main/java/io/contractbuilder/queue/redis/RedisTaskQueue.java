package io.contractbuilder.queue.redis;

import io.contractbuilder.queue.QueueState;
import io.contractbuilder.queue.QueuedTask;
import io.contractbuilder.queue.TaskQueue;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list that the chain's webserver pushes to (chain formats, §1), and what is made of it. Every
 * call throws a {@link RedisException} if it is not known to have come about.
 */
public final class RedisTaskQueue implements TaskQueue {
  /** What the webserver pushes to; the oldest is right. */
  static final String TASKS = "mq:contract-task";

  /** What the former processor had in hand; the oldest is right. */
  static final String FORMER = "mq:contract-pending";

  /** A call that takes in so much keeps Redis for some milliseconds. */
  private static final int TASKS_AT_ONCE = 500;

  private static final int BYTES_AT_ONCE = 1 << 20;
  private static final int LONGEST_REASON = 4000;

  private final Redis redis;

  public RedisTaskQueue(Redis redis) {
    this.redis = redis;
  }

  @Override
  public int takeOver() {
    return takeIn(FORMER).tasks();
  }

  @Override
  public Arrivals takeIn() {
    return takeIn(TASKS);
  }

  private Arrivals takeIn(String list) {
    List<?> answer =
        (List<?>)
            run(
                "take tasks from " + list,
                QueueScripts.TAKE_IN,
                list,
                Integer.toString(TASKS_AT_ONCE),
                Integer.toString(BYTES_AT_ONCE));
    return answer == null
        ? new Arrivals(0, 0)
        : new Arrivals((int) number(answer, 0), (int) number(answer, 1));
  }

  @Override
  public @Nullable QueuedTask take(QueuedTask.Hold hold) {
    List<?> answer =
        (List<?>)
            run(
                "take a task",
                QueueScripts.TAKE,
                hold.worker(),
                Integer.toString(hold.slot()),
                Long.toString(ALIVE.toMillis()));
    if (answer == null) {
      return null;
    }
    return new QueuedTask(
        number(answer, 0),
        hold,
        answer.get(1) instanceof byte[] event ? event : new byte[0],
        Instant.ofEpochMilli(number(answer, 2)),
        (int) number(answer, 3),
        (int) number(answer, 4),
        FORMER.equals(Redis.text(answer.get(5))));
  }

  @Override
  public boolean done(QueuedTask task) {
    return settle("acknowledge", QueueScripts.DONE, task);
  }

  @Override
  public boolean later(QueuedTask task, Duration pause) {
    return settle("postpone", QueueScripts.LATER, task, Long.toString(pause.toMillis()));
  }

  @Override
  public boolean putBack(QueuedTask task) {
    return settle("put back", QueueScripts.PUT_BACK, task);
  }

  @Override
  public boolean bury(QueuedTask task, String action, String reason) {
    String told =
        reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
    return settle("put aside", QueueScripts.BURY, task, action, told);
  }

  @Override
  public QueueState beat(String worker) {
    List<?> answer =
        (List<?>)
            run(
                "say that this worker lives",
                QueueScripts.BEAT,
                worker,
                Long.toString(ALIVE.toMillis()),
                TASKS);
    if (answer == null) {
      throw new IllegalStateException("the script answers a list");
    }
    return new QueueState(
        number(answer, 0),
        number(answer, 1),
        number(answer, 2),
        number(answer, 3),
        number(answer, 4),
        number(answer, 5),
        Duration.ofMillis(number(answer, 6)));
  }

  @Override
  public void leave(String worker) {
    run("leave the queue", QueueScripts.LEAVE, worker);
  }

  private boolean settle(String operation, String script, QueuedTask task, String... more) {
    var arguments = new String[3 + more.length];
    arguments[0] = task.hold().worker();
    arguments[1] = Integer.toString(task.hold().slot());
    arguments[2] = Long.toString(task.number());
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Long.valueOf(1).equals(run(operation + " " + task, script, arguments));
  }

  private @Nullable Object run(String operation, String script, String... arguments) {
    return redis.script(operation, script, List.of(), List.of(arguments));
  }

  /** A number, or its digits; 0 where there are none. */
  static long number(List<?> answer, int index) {
    Object value = answer.get(index);
    String text = value instanceof Long number ? number.toString() : Redis.text(value);
    return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
  }
}
