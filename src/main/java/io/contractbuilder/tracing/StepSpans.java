package io.contractbuilder.tracing;

import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Step;
import io.contractbuilder.job.StepRecord;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Locale;

/**
 * Makes a span of each step that has ended, and hands all that it hears on.
 *
 * @param parent holds the task's span
 */
record StepSpans(Tracer tracer, Context parent, Span task, JobListener next)
    implements JobListener {

  @Override
  public void stepEnded(StepRecord step) {
    Span span =
        tracer
            .spanBuilder("step " + step.step().wire())
            .setParent(parent)
            .setStartTimestamp(step.started())
            .setAttribute("contract_builder.end", step.end().name().toLowerCase(Locale.ROOT))
            .startSpan();
    if (step.end() == StepRecord.End.FAILED) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(step.started().plus(step.took()));
    next.stepEnded(step);
  }

  @Override
  public void built(BuiltImage image) {
    task.setAttribute("contract_builder.image.bytes_copied", image.traffic().bytesCopied());
    task.setAttribute("contract_builder.image.bytes_present", image.traffic().bytesPresent());
    next.built(image);
  }

  @Override
  public void began(ContractTask begun, boolean resumed) {
    task.setAttribute("contract_builder.resumed", resumed);
    next.began(begun, resumed);
  }

  @Override
  public void stepStarted(Step step) {
    next.stepStarted(step);
  }

  @Override
  public void copied(Digest blob, long done, long size) {
    next.copied(blob, done, size);
  }

  @Override
  public void warned(String warning) {
    next.warned(warning);
  }
}
