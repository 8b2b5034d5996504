package io.contractbuilder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Step;
import io.contractbuilder.job.StepRecord;
import io.contractbuilder.json.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/** Shows how a job goes on: a line a step, and the bytes of a copy while it lasts. */
final class ProgressView implements JobListener {
  private final Console console;
  private final Map<Digest, long[]> blobs = new HashMap<>();
  private ObjectNode about = Json.object();

  ProgressView(Console console) {
    this.console = console;
  }

  @Override
  public void began(ContractTask task, boolean resumed) {
    about =
        Json.object()
            .put("contract", task.id().value())
            .put("type", task.type().value())
            .put("action", task.action());
    about.properties().forEach(field -> MDC.put(field.getKey(), field.getValue().asText()));
    String what = task.action() + " " + task.type() + " (" + task.id() + ")";
    tell(Level.INFO, resumed ? what + ", going on where it was cut off" : what, Json.object());
  }

  /** Says something of the task. */
  void tell(Level level, String text, ObjectNode fields) {
    console.event(level, text, about.deepCopy().setAll(fields));
  }

  @Override
  public void stepStarted(Step step) {
    MDC.put("step", step.wire());
    console.progress(() -> "  " + step.wire() + " …");
  }

  @Override
  public void stepEnded(StepRecord step) {
    MDC.remove("step");
    String name = console.column(step.step().wire());
    String time = Console.time(step.took());
    ObjectNode fields =
        Json.object()
            .put("step", step.step().wire())
            .put("duration_ms", step.took().toMillis())
            .put("end", step.end().name().toLowerCase(Locale.ROOT));
    switch (step.end()) {
      case DONE -> tell(Level.INFO, name + time, fields);
      case SKIPPED -> tell(Level.INFO, name + "not necessary", fields);
      case FAILED -> tell(Level.ERROR, name + "failed after " + time, fields);
    }
  }

  @Override
  public void warned(String warning) {
    tell(Level.WARN, "  warning: " + warning, Json.object());
  }

  @Override
  public synchronized void copied(Digest blob, long done, long size) {
    blobs.put(blob, new long[] {done, size});
    console.progress(this::copying);
  }

  private String copying() {
    long all = 0;
    long there = 0;
    int whole = 0;
    for (long[] progress : blobs.values()) {
      there += progress[0];
      all += progress[1];
      whole += progress[0] == progress[1] ? 1 : 0;
    }
    return "  image       "
        + Console.bytes(there)
        + " of "
        + Console.bytes(all)
        + ", "
        + whole
        + " of "
        + blobs.size()
        + " blobs";
  }

  /** What a build came to. */
  void built(BuiltImage image, Duration took) {
    BuiltImage.Traffic traffic = image.traffic();
    console.event(
        Level.INFO,
        "Built for "
            + String.join(", ", image.platforms())
            + " in "
            + Console.time(took)
            + ": "
            + Console.bytes(traffic.bytesCopied())
            + " copied, "
            + Console.bytes(traffic.bytesPresent())
            + " were there, "
            + traffic.requests()
            + " requests",
        Json.object()
            .put("digest", image.digest().value())
            .put("duration_ms", took.toMillis())
            .put("requests", traffic.requests())
            .put("bytes_copied", traffic.bytesCopied())
            .put("bytes_present", traffic.bytesPresent()));
  }
}
