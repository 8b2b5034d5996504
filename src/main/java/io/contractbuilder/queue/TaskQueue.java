package io.contractbuilder.queue;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chain's tasks. Those of one contract are handed out one after another, in the order in which
 * the chain pushed them; contracts take turns. A task is kept until it is settled by who has it in
 * hand; that of a worker who is dead goes back to where it was.
 *
 * <p>Every call may be repeated: what it would do twice is done once. Each may throw the adapter's
 * {@link io.contractbuilder.contract.PartFailure}.
 */
public interface TaskQueue {

  /** How long a worker that says nothing is taken for alive. */
  Duration ALIVE = Duration.ofSeconds(10);

  /**
   * Takes in what the former processor had in hand, before all that waits.
   *
   * @return how many; call it again until there are none
   */
  int takeOver();

  /** Takes in what the chain pushed, some hundreds at a time. */
  Arrivals takeIn();

  /**
   * Puts the task whose turn it is in a hand.
   *
   * @return what the hand holds; null if nothing is to be done now
   */
  @Nullable QueuedTask take(QueuedTask.Hold hold);

  /**
   * The task came to its end.
   *
   * @return false if it was not in this hand any more
   */
  boolean done(QueuedTask task);

  /**
   * The task is to be tried again after a pause; its contract waits for it.
   *
   * @param reason holds no secret
   * @return false if it was not in this hand any more
   */
  boolean later(QueuedTask task, Duration pause, String reason);

  /**
   * The task is put back as if it had not been taken.
   *
   * @return false if it was not in this hand any more
   */
  boolean putBack(QueuedTask task);

  /**
   * The task failed for good: it is kept apart, for people.
   *
   * @param action what it would have done; empty if that cannot be read
   * @param reason holds no secret
   * @return false if it was not in this hand any more
   */
  boolean bury(QueuedTask task, String action, String reason);

  /**
   * Says that a worker lives, and puts back what dead ones had in hand.
   *
   * @param steps where its hands are, by slot
   */
  QueueState beat(String worker, Map<Integer, String> steps);

  /**
   * What is in it, for people.
   *
   * @param most of each kind
   */
  QueueOverview look(int most);

  /** A worker ends: what it has in hand is put back, as if it had not been taken. */
  void leave(String worker);

  /**
   * What came in.
   *
   * @param tasks how many; 0: the chain's list is empty
   * @param ready how many contracts have a task that can be taken now
   */
  record Arrivals(int tasks, int ready) {}
}
