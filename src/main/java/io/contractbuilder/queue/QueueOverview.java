package io.contractbuilder.queue;

import java.time.Instant;
import java.util.List;

/**
 * What is in a queue at one time: of each kind some. Nothing of an event is in it but the action
 * and the type, which are as somebody wrote them.
 *
 * @param now by the queue's clock, as all times here
 * @param waiting the oldest first
 * @param paused the next due first
 * @param dead the last one first
 */
public record QueueOverview(
    Instant now,
    QueueState state,
    List<Running> running,
    List<Task> waiting,
    List<Paused> paused,
    List<Dead> dead) {

  /**
   * A task.
   *
   * @param contract its id; empty if it names none
   * @param action empty if that cannot be read
   * @param type of the contract's transactions; empty if that cannot be read
   * @param attempts how often it was tried before
   */
  public record Task(
      long number, String contract, String action, String type, Instant arrived, int attempts) {}

  /**
   * One in hand.
   *
   * @param worker whose
   * @param step where it was when its worker last spoke; empty: not known
   */
  public record Running(Task task, Instant since, String worker, String step) {}

  /**
   * One that is tried again.
   *
   * @param reason why it failed; no secret is in it
   */
  public record Paused(Task task, Instant due, String reason) {}

  /**
   * One that failed for good.
   *
   * @param reason no secret is in it
   */
  public record Dead(Task task, Instant failed, String reason) {}
}
