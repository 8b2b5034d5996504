package io.contractbuilder.tracing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.job.Step;
import io.contractbuilder.job.StepRecord;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.QueuedTask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracedTasksTest {
  private static final String CONTRACT = "8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b31";
  private static final String CANARY = "canary-5d1f";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Queue<byte[]> received = new ConcurrentLinkedQueue<>();
  private final Queue<String> heads = new ConcurrentLinkedQueue<>();
  private HttpServer collector;

  @BeforeEach
  void start() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            received.add(exchange.getRequestBody().readAllBytes());
            heads.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-key")));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private Map<String, String> environment() {
    return Map.of(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://127.0.0.1:" + collector.getAddress().getPort(),
        "OTEL_EXPORTER_OTLP_HEADERS",
        "x-key=" + CANARY,
        "OTEL_SERVICE_NAME",
        "builder-of-d-1");
  }

  private static QueuedTask task() {
    String event =
        """
        {"id":"%s","task_type":"create","txn_type":"%s","image":"r/%s:1","auth":"%s",
         "env":{"A":"%s"},"secrets":{"b":"%s"}}
        """
            .formatted(CONTRACT, CANARY, CANARY, CANARY, CANARY, CANARY);
    var hold = new QueuedTask.Hold("w", 0);
    return new QueuedTask(7, hold, event.getBytes(UTF_8), NOON, 1, 0, false);
  }

  private static TaskRunner runner(Function<JobListener, Outcome> work) {
    return new TaskRunner() {
      @Override
      public Outcome run(QueuedTask task, JobListener listener) {
        return work.apply(listener);
      }

      @Override
      public void giveUp(QueuedTask task, String reason) {}

      @Override
      public void abort(Thread thread) {}
    };
  }

  private static StepRecord record(Step step, StepRecord.End end) {
    return new StepRecord(step, NOON, Duration.ofSeconds(2), end, CANARY, CANARY);
  }

  private List<SpanReader> sent(Function<JobListener, Outcome> work) {
    try (TracedTasks tasks = TracedTasks.open(environment(), runner(work))) {
      tasks.run(task(), JobListener.NONE);
    }
    return received.stream().flatMap(request -> SpanReader.spans(request).stream()).toList();
  }

  private static SpanReader named(List<SpanReader> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aTaskAndEachStepIsASpan() {
    List<SpanReader> spans =
        sent(
            listener -> {
              listener.stepEnded(record(Step.IMAGE, StepRecord.End.DONE));
              listener.stepEnded(record(Step.FUNCTION, StepRecord.End.DONE));
              return new Outcome.Done(null, List.of(), false);
            });
    SpanReader task = named(spans, "create");
    assertThat(spans).hasSize(3);
    assertThat(task.parent()).isEmpty();
    assertThat(task.text()).contains(CONTRACT, "contract_builder.outcome", "done");
    for (String step : List.of("step image", "step function")) {
      assertThat(named(spans, step).parent()).isEqualTo(task.id());
      assertThat(named(spans, step).trace()).isEqualTo(task.trace());
    }
    assertThat(new String(received.element(), ISO_8859_1)).contains("builder-of-d-1");
  }

  @Test
  void nothingOfTheEventsValuesIsSent() {
    List<SpanReader> spans =
        sent(
            listener -> {
              listener.warned(CANARY);
              listener.stepEnded(record(Step.IMAGE, StepRecord.End.FAILED));
              return new Outcome.Failed(CANARY, List.of(CANARY), new IllegalStateException(CANARY));
            });
    assertThat(spans).hasSize(2);
    assertThat(named(spans, "create").text()).contains("failed");
    assertThat(received)
        .allSatisfy(one -> assertThat(new String(one, ISO_8859_1)).doesNotContain(CANARY));
    // Whoever receives them is told it, as OTEL_EXPORTER_OTLP_HEADERS says.
    assertThat(heads).containsOnly(CANARY);
  }

  @Test
  void whatIsThrownGoesOnAndIsNamed() {
    assertThatThrownBy(
            () ->
                sent(
                    listener -> {
                      throw new IllegalStateException(CANARY);
                    }))
        .isInstanceOf(IllegalStateException.class);
    List<SpanReader> spans = SpanReader.spans(received.element());
    assertThat(named(spans, "create").text())
        .contains("IllegalStateException")
        .doesNotContain(CANARY);
  }

  @Test
  void aCollectorThatIsAwayChangesNothing() {
    Outcome done = new Outcome.Done(null, List.of(), false);
    Map<String, String> environment = environment();
    collector.stop(0);
    try (TracedTasks tasks = TracedTasks.open(environment, runner(listener -> done))) {
      assertThat(tasks.run(task(), JobListener.NONE)).isEqualTo(done);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_ENDPOINT, canary-5d1f",
    "OTEL_TRACES_SAMPLER, canary-5d1f",
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc"
  })
  void whatCannotBeUsedIsSaid(String name, String value) {
    TaskRunner runner = runner(listener -> new Outcome.Done(null, List.of(), false));
    var environment = new java.util.HashMap<>(environment());
    environment.put(name, value);
    assertThatThrownBy(() -> TracedTasks.open(environment, runner))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("OTEL_")
        .hasMessageNotContaining(CANARY);
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_SERVICE_NAME, a, false",
    "OTEL_EXPORTER_OTLP_ENDPOINT, '', false",
    "OTEL_EXPORTER_OTLP_ENDPOINT, http://c:4318, true",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, http://c:4318/v1/traces, true"
  })
  void thereAreTracesWhereACollectorIsNamed(String name, String value, boolean wanted) {
    assertThat(Tracing.isWanted(Map.of(name, value))).isEqualTo(wanted);
    assertThat(Tracing.isWanted(Map.of(name, value, "OTEL_SDK_DISABLED", "true"))).isFalse();
    assertThat(Tracing.isWanted(Map.of(name, value, "OTEL_TRACES_EXPORTER", "none"))).isFalse();
  }
}
