package io.contractbuilder.tracing;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.EventSummary;
import io.contractbuilder.queue.QueuedTask;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Has each task done by another runner, with a span for it and one for each of its steps. Of an
 * event nothing is sent but the contract's id and the action; of a failure its kind alone.
 */
public final class TracedTasks implements TaskRunner, AutoCloseable {
  private static final String PREFIX = "contract_builder.";

  private final OpenTelemetrySdk sdk;
  private final LibraryLog log;
  private final Tracer tracer;
  private final TaskRunner runner;

  private TracedTasks(OpenTelemetrySdk sdk, LibraryLog log, TaskRunner runner) {
    this.sdk = sdk;
    this.log = log;
    this.tracer = sdk.getTracer("io.contractbuilder");
    this.runner = runner;
  }

  /**
   * With what {@code OTEL_…} says, as OpenTelemetry's specification has it.
   *
   * @throws InvalidInput if one of them cannot be used
   */
  public static TracedTasks open(Map<String, String> environment, TaskRunner runner) {
    var log = LibraryLog.open();
    try {
      var sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(TracedTasks::defaults)
              .addPropertiesCustomizer(config -> properties(environment))
              .disableShutdownHook()
              .build()
              .getOpenTelemetrySdk();
      return new TracedTasks(sdk, log, runner);
    } catch (ConfigurationException | IllegalArgumentException | IllegalStateException e) {
      log.close();
      // Its message may hold a value, and so a password.
      throw new InvalidInput(
          "settings",
          List.of(
              new Violation(
                  "OTEL_…",
                  "values that OpenTelemetry refuses (" + e.getClass().getSimpleName() + ")",
                  "OpenTelemetry's variables for OTLP over HTTP (http/protobuf)")));
    }
  }

  private static Map<String, String> defaults() {
    return Map.of("otel.service.name", "contract-builder");
  }

  /** The environment's, before the machine's own; metrics are Prometheus', logs nobody's. */
  private static Map<String, String> properties(Map<String, String> environment) {
    var properties = new HashMap<String, String>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("OTEL_") && !value.isEmpty()) {
            properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    properties.put("otel.metrics.exporter", "none");
    properties.put("otel.logs.exporter", "none");
    properties.putIfAbsent("otel.exporter.otlp.protocol", "http/protobuf");
    return properties;
  }

  @Override
  public Outcome run(QueuedTask task, JobListener listener) {
    EventSummary event = EventSummary.of(task.event());
    ContractId contract = event.contract();
    Span span =
        tracer
            .spanBuilder(event.action().isEmpty() ? "task" : event.action())
            .setNoParent()
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute(PREFIX + "task", task.number())
            .setAttribute(PREFIX + "attempt", task.attempts() + 1L)
            .setAttribute(PREFIX + "arrived", task.arrived().toString())
            .startSpan();
    if (contract != null) {
      span.setAttribute(PREFIX + "contract", contract.value());
    }
    try {
      var steps = new StepSpans(tracer, Context.root().with(span), span, listener);
      Outcome outcome = runner.run(task, steps);
      end(span, outcome);
      return outcome;
    } catch (RuntimeException | Error e) {
      span.setAttribute(PREFIX + "outcome", "failed");
      span.setStatus(StatusCode.ERROR, e.getClass().getSimpleName());
      throw e;
    } finally {
      span.end();
    }
  }

  private static void end(Span span, Outcome outcome) {
    String name =
        switch (outcome) {
          case Outcome.Done done -> done.repeat() ? "repeat" : "done";
          case Outcome.Retry retry -> "retry";
          case Outcome.Failed failed -> "failed";
        };
    span.setAttribute(PREFIX + "outcome", name);
    if (!(outcome instanceof Outcome.Done)) {
      span.setStatus(StatusCode.ERROR, name);
    }
  }

  @Override
  public void giveUp(QueuedTask task, String reason) {
    runner.giveUp(task, reason);
  }

  @Override
  public void abort(Thread thread) {
    runner.abort(thread);
  }

  /** The last spans are sent, for a few seconds at most. */
  @Override
  public void close() {
    sdk.shutdown().join(5, TimeUnit.SECONDS);
    log.close();
  }
}
