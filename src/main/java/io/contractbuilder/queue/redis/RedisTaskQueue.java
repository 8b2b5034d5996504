package io.contractbuilder.queue.redis;

import io.contractbuilder.queue.QueueOverview;
import io.contractbuilder.queue.QueueState;
import io.contractbuilder.queue.QueuedTask;
import io.contractbuilder.queue.TaskQueue;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
                QueueScript.TAKE_IN,
                list,
                Integer.toString(TASKS_AT_ONCE),
                Integer.toString(BYTES_AT_ONCE));
    return answer == null
        ? new Arrivals(0, 0)
        : new Arrivals((int) QueueAnswers.number(answer, 0), (int) QueueAnswers.number(answer, 1));
  }

  @Override
  public @Nullable QueuedTask take(QueuedTask.Hold hold) {
    List<?> answer =
        (List<?>)
            run(
                "take a task",
                QueueScript.TAKE,
                hold.worker(),
                Integer.toString(hold.slot()),
                Long.toString(ALIVE.toMillis()));
    if (answer == null) {
      return null;
    }
    return new QueuedTask(
        QueueAnswers.number(answer, 0),
        hold,
        answer.get(1) instanceof byte[] event ? event : new byte[0],
        Instant.ofEpochMilli(QueueAnswers.number(answer, 2)),
        (int) QueueAnswers.number(answer, 3),
        (int) QueueAnswers.number(answer, 4),
        FORMER.equals(Redis.text(answer.get(5))));
  }

  @Override
  public boolean done(QueuedTask task) {
    return settle("acknowledge", QueueScript.DONE, task);
  }

  @Override
  public boolean later(QueuedTask task, Duration pause, String reason) {
    return settle(
        "postpone", QueueScript.LATER, task, Long.toString(pause.toMillis()), told(reason));
  }

  @Override
  public boolean putBack(QueuedTask task) {
    return settle("put back", QueueScript.PUT_BACK, task);
  }

  @Override
  public boolean bury(QueuedTask task, String action, String reason) {
    return settle("put aside", QueueScript.BURY, task, action, told(reason));
  }

  private static String told(String reason) {
    return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
  }

  @Override
  public QueueState beat(String worker, Map<Integer, String> steps) {
    var arguments = new ArrayList<>(List.of(worker, Long.toString(ALIVE.toMillis()), TASKS));
    steps.forEach((slot, step) -> Collections.addAll(arguments, slot.toString(), step));
    return QueueAnswers.state(
        run("say that this worker lives", QueueScript.BEAT, arguments.toArray(String[]::new)));
  }

  @Override
  public QueueOverview look(int most) {
    return QueueAnswers.overview(
        run("look at the queue", QueueScript.LOOK, TASKS, Integer.toString(most)));
  }

  @Override
  public void leave(String worker) {
    run("leave the queue", QueueScript.LEAVE, worker);
  }

  private boolean settle(String operation, QueueScript script, QueuedTask task, String... more) {
    var arguments = new String[3 + more.length];
    arguments[0] = task.hold().worker();
    arguments[1] = Integer.toString(task.hold().slot());
    arguments[2] = Long.toString(task.number());
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Long.valueOf(1).equals(run(operation + " " + task, script, arguments));
  }

  private @Nullable Object run(String operation, QueueScript script, String... arguments) {
    return redis.script(operation, script.lua(), List.of(), List.of(arguments));
  }
}
