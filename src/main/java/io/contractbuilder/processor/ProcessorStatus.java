package io.contractbuilder.processor;

import io.contractbuilder.queue.QueueOverview;
import org.jspecify.annotations.Nullable;

/**
 * How a processor and its queue are.
 *
 * @param worker the process's name
 * @param problem what keeps it from doing tasks; null: nothing
 * @param queue null: it could not be asked
 */
record ProcessorStatus(String worker, @Nullable String problem, @Nullable QueueOverview queue) {}
