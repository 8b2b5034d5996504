package io.contractbuilder.queue;

import java.time.Duration;

/**
 * How a queue is.
 *
 * @param waiting tasks that nobody has in hand, those in the chain's own list too
 * @param running tasks in hand
 * @param paused contracts whose next task waits to be tried again
 * @param dead tasks that failed for good
 * @param workers processes that are alive
 * @param putBack tasks that were taken out of dead workers' hands just now
 * @param oldest how long the oldest waiting task has waited; zero if none waits
 */
public record QueueState(
    long waiting,
    long running,
    long paused,
    long dead,
    long workers,
    long putBack,
    Duration oldest) {}
