package io.contractbuilder.queue;

import java.time.Instant;

/**
 * A task in a worker's hand.
 *
 * @param number its own for as long as it is kept, one more than that of the task that came before
 * @param hold whose hand it is in
 * @param event as the chain wrote it: it may hold secrets
 * @param arrived when it was taken in from the chain's list
 * @param attempts how often it failed so that another try was due
 * @param deaths how often it ended the process that had it in hand: how much more often that
 *     process ended than processes without it did meanwhile, but no less than 100 where it was 100
 * @param formers whether it comes from what the former processor left: then it may have been done
 */
public record QueuedTask(
    long number,
    Hold hold,
    byte[] event,
    Instant arrived,
    int attempts,
    int deaths,
    boolean formers) {

  /**
   * A worker's hand, which holds one task at a time.
   *
   * @param worker the process
   * @param slot which of its hands
   */
  public record Hold(String worker, int slot) {}

  /** Tells this task from every other that ever was in the queue. */
  public String delivery() {
    return arrived.toEpochMilli() + "-" + number;
  }

  /** Without the event. */
  @Override
  public String toString() {
    return "task " + number;
  }
}
