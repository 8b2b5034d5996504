package io.contractbuilder.processor;

import java.time.Duration;

/**
 * What a processor keeps to.
 *
 * @param workers how many tasks it does at a time
 * @param stop how long running tasks may go on after a signal
 * @param handBack how long tasks that are stopped then may take to undo what they made
 * @param poll how often it looks for new tasks
 * @param beat how often it says that it lives; much less than {@link
 *     io.contractbuilder.queue.TaskQueue#ALIVE}
 */
public record ProcessorLimits(
    int workers, Duration stop, Duration handBack, Duration poll, Duration beat) {

  /** The usual ones. */
  public static ProcessorLimits of(int workers, Duration stop) {
    return new ProcessorLimits(
        workers, stop, Duration.ofSeconds(20), Duration.ofMillis(250), Duration.ofSeconds(2));
  }
}
