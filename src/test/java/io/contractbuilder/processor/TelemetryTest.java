package io.contractbuilder.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.job.Step;
import io.contractbuilder.job.StepRecord;
import io.contractbuilder.queue.QueueState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  /** Of the text format: name, labels, value. */
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z_]+)(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? -?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?");

  /** With a sample of every metric. */
  static String filled() {
    var telemetry = new Telemetry();
    telemetry.began();
    telemetry.ended("create", new Settlement.Done(false), Duration.ofMillis(300));
    telemetry.began();
    telemetry.ended("", new Settlement.Bury("no JSON"), Duration.ofMillis(2));
    telemetry.began();
    telemetry.queue(
        new QueueState(5, 2, 1, 3, 2, 4, Duration.ofMillis(1500)), Instant.ofEpochSecond(1234));
    var traffic = new BuiltImage.Traffic(9, 1000, 2000);
    telemetry
        .listener()
        .built(
            new BuiltImage(
                Digest.of(new byte[1]), Digest.of(new byte[2]), List.of(), List.of(), traffic));
    telemetry
        .listener()
        .stepEnded(
            new StepRecord(
                Step.IMAGE, Instant.EPOCH, Duration.ofSeconds(1), StepRecord.End.DONE, "", ""));
    return telemetry.text();
  }

  @Test
  void countsAndMeasures() {
    assertThat(filled().lines())
        .contains(
            "contract_builder_tasks_total{action=\"create\",outcome=\"done\"} 1",
            "contract_builder_tasks_total{action=\"unknown\",outcome=\"dead_letter\"} 1",
            "contract_builder_task_duration_seconds_bucket{action=\"create\",le=\"0.25\"} 0",
            "contract_builder_task_duration_seconds_bucket{action=\"create\",le=\"0.5\"} 1",
            "contract_builder_task_duration_seconds_bucket{action=\"create\",le=\"+Inf\"} 1",
            "contract_builder_task_duration_seconds_sum{action=\"create\"} 0.3",
            "contract_builder_step_duration_seconds_count{step=\"image\",end=\"done\"} 1",
            "contract_builder_tasks_running 1",
            "contract_builder_image_bytes_total{how=\"copied\"} 1000",
            "contract_builder_image_bytes_total{how=\"present\"} 2000",
            "contract_builder_queue_tasks{state=\"waiting\"} 5",
            "contract_builder_queue_oldest_task_age_seconds 1.5",
            "contract_builder_tasks_put_back_total 4",
            "contract_builder_queue_seen_timestamp_seconds 1234",
            "contract_builder_dead_letters 3");
  }

  @Test
  void everyLineIsOfTheTextFormat() {
    assertThat(filled().lines())
        .allMatch(line -> line.startsWith("# ") || SAMPLE.matcher(line).matches());
  }

  @Test
  void theDocumentNamesEveryMetric() throws IOException {
    String document = Files.readString(Path.of("docs/processor.md"));
    assertThat(filled().lines().filter(line -> line.startsWith("# TYPE ")))
        .isNotEmpty()
        .allMatch(line -> document.contains("`" + line.split(" ", -1)[2]));
  }
}
