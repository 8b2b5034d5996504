package io.contractbuilder.app;

import io.contractbuilder.job.JobListener;
import io.contractbuilder.launch.LaunchLimits;
import io.contractbuilder.launch.LaunchedTasks;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.TaskQueue;
import io.contractbuilder.settings.LaunchSettings;
import io.contractbuilder.settings.Settings;
import io.contractbuilder.tracing.TracedTasks;
import io.contractbuilder.tracing.Tracing;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Does the tasks of the chain's queue: in this process or by Kubernetes, with traces or without.
 */
final class Processing {
  /** How much longer than its limit a task may take to undo what it made. */
  private static final Duration UNDO = Duration.ofMinutes(5);

  private final Parts parts;
  private final BooleanSupplier cancelled;

  /**
   * @param parts tasks have their own, made anew
   * @param cancelled whether jobs are to end before their next effect
   */
  Processing(Parts parts, BooleanSupplier cancelled) {
    this.parts = parts;
    this.cancelled = cancelled;
  }

  /** Goes on until a signal comes. */
  void run(int workers, Supplier<JobListener> views) {
    Settings s = parts.settings();
    // Every task would be refused for it.
    parts.chain().identity();
    var tasks = new InProcessTasks(parts::anew, cancelled);
    switch (s.processor().launch()) {
      case LaunchSettings.InProcess() -> run(s, tasks, s.timeout().plus(UNDO), workers, views);
      case LaunchSettings.Kubernetes jobs -> {
        var limits = new LaunchLimits(s.timeout(), jobs.startLimit(), jobs.keep());
        try (var launched =
            LaunchedTasks.open(
                parts.environment(), jobs.template(), jobs.namespace(), limits, tasks)) {
          run(s, launched.tasks(), limits.longest(), workers, views);
        }
      }
    }
  }

  /** With traces where they are wanted. */
  private void run(
      Settings s, TaskRunner tasks, Duration longest, int workers, Supplier<JobListener> views) {
    TaskQueue queue = parts.chain().taskQueue();
    if (!Tracing.isWanted(parts.environment())) {
      ProcessorRun.run(s, queue, tasks, longest, workers, views);
      return;
    }
    try (TracedTasks traced = TracedTasks.open(parts.environment(), tasks)) {
      ProcessorRun.run(s, queue, traced, longest, workers, views);
    }
  }
}
