package io.contractbuilder.processor;

import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Step;
import io.contractbuilder.job.StepRecord;
import io.contractbuilder.queue.QueueState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What a processor counts and measures, in Prometheus' text format 0.0.4. Labels are actions,
 * outcomes and steps: nothing whose number grows with the contracts.
 */
final class Telemetry {
  private final Map<String, LongAdder> tasks = new ConcurrentSkipListMap<>();
  private final Map<String, Histogram> taskTimes = new ConcurrentSkipListMap<>();
  private final Map<String, Histogram> stepTimes = new ConcurrentSkipListMap<>();
  private final LongAdder copied = new LongAdder();
  private final LongAdder present = new LongAdder();
  private final LongAdder putBack = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder unreachable = new LongAdder();
  private final AtomicInteger running = new AtomicInteger();
  private volatile @Nullable QueueState state;
  private volatile Instant seen = Instant.EPOCH;

  void began() {
    running.incrementAndGet();
  }

  /** A task left its hand. */
  void ended(String action, Settlement settlement, Duration took) {
    running.decrementAndGet();
    String outcome =
        switch (settlement) {
          case Settlement.Done done -> done.repeat() ? "repeat" : "done";
          case Settlement.Later later -> "retry";
          case Settlement.PutBack back -> "put_back";
          case Settlement.Bury bury -> "dead_letter";
        };
    String known = action.isEmpty() ? "unknown" : action;
    tasks
        .computeIfAbsent(label("action", known) + ',' + label("outcome", outcome), l -> count())
        .increment();
    taskTimes.computeIfAbsent(label("action", known), l -> new Histogram()).add(took);
  }

  /** A task was in another's hand when it was to be settled. */
  void lost() {
    lost.increment();
  }

  /** The queue could not be reached. */
  void unreachable() {
    unreachable.increment();
  }

  /** The queue answered. */
  void queue(QueueState now, Instant when) {
    state = now;
    seen = when;
    putBack.add(now.putBack());
  }

  /** For the job of one task. */
  JobListener listener() {
    return new JobListener() {
      @Override
      public void stepEnded(StepRecord record) {
        step(record.step(), record.took(), record.end().name());
      }

      @Override
      public void built(BuiltImage image) {
        copied.add(image.traffic().bytesCopied());
        present.add(image.traffic().bytesPresent());
      }
    };
  }

  private void step(Step step, Duration took, String end) {
    String labels = label("step", step.wire()) + ',' + label("end", end.toLowerCase(Locale.ROOT));
    stepTimes.computeIfAbsent(labels, l -> new Histogram()).add(took);
  }

  private static LongAdder count() {
    return new LongAdder();
  }

  private static String label(String name, String value) {
    return name + "=\"" + value + '"';
  }

  /** All of it. */
  String text() {
    var text = new StringBuilder();
    head(text, "tasks_total", "counter", "Tasks by action and outcome.");
    tasks.forEach((labels, n) -> sample(text, "tasks_total", labels, n.sum()));
    head(text, "task_duration_seconds", "histogram", "Time from taking a task to settling it.");
    taskTimes.forEach((l, h) -> h.write(text, "contract_builder_task_duration_seconds", l));
    head(text, "step_duration_seconds", "histogram", "Time of a job's steps.");
    stepTimes.forEach((l, h) -> h.write(text, "contract_builder_step_duration_seconds", l));
    head(text, "tasks_running", "gauge", "Tasks that this process runs.");
    sample(text, "tasks_running", "", running.get());
    counter(text, "leases_lost_total", "Tasks that were in another's hand at their end.", lost);
    counter(text, "tasks_put_back_total", "Tasks taken out of dead processes' hands.", putBack);
    counter(text, "queue_errors_total", "Failed calls of the queue.", unreachable);
    head(text, "image_bytes_total", "counter", "Bytes of images by how they got there.");
    sample(text, "image_bytes_total", label("how", "copied"), copied.sum());
    sample(text, "image_bytes_total", label("how", "present"), present.sum());
    queue(text);
    return text.toString();
  }

  private void queue(StringBuilder text) {
    QueueState now = state;
    if (now == null) {
      return;
    }
    head(text, "queue_tasks", "gauge", "Tasks in the queue, of all processes.");
    sample(text, "queue_tasks", label("state", "waiting"), now.waiting());
    sample(text, "queue_tasks", label("state", "running"), now.running());
    head(
        text, "queue_paused_contracts", "gauge", "Contracts whose next task is tried again later.");
    sample(text, "queue_paused_contracts", "", now.paused());
    head(text, "dead_letters", "gauge", "Tasks that failed for good and wait for people.");
    sample(text, "dead_letters", "", now.dead());
    head(text, "processors", "gauge", "Processes that are alive.");
    sample(text, "processors", "", now.workers());
    head(text, "queue_oldest_task_age_seconds", "gauge", "Age of the oldest waiting task.");
    Histogram.line(
        text,
        "contract_builder_queue_oldest_task_age_seconds",
        "",
        Double.toString(now.oldest().toMillis() / 1e3));
    head(text, "queue_seen_timestamp_seconds", "gauge", "When the queue last answered.");
    sample(text, "queue_seen_timestamp_seconds", "", seen.getEpochSecond());
  }

  private static void counter(StringBuilder text, String name, String help, LongAdder value) {
    head(text, name, "counter", help);
    sample(text, name, "", value.sum());
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP contract_builder_").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE contract_builder_").append(name).append(' ').append(type).append('\n');
  }

  private static void sample(StringBuilder text, String name, String labels, long value) {
    Histogram.line(text, "contract_builder_" + name, labels, Long.toString(value));
  }
}
