package io.contractbuilder.processor;

import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Step;
import io.contractbuilder.job.StepRecord;

/** Two that hear the same. */
record Listeners(JobListener one, JobListener other) implements JobListener {
  @Override
  public void began(ContractTask task, boolean resumed) {
    one.began(task, resumed);
    other.began(task, resumed);
  }

  @Override
  public void stepStarted(Step step) {
    one.stepStarted(step);
    other.stepStarted(step);
  }

  @Override
  public void stepEnded(StepRecord step) {
    one.stepEnded(step);
    other.stepEnded(step);
  }

  @Override
  public void copied(Digest blob, long done, long size) {
    one.copied(blob, done, size);
    other.copied(blob, done, size);
  }

  @Override
  public void built(BuiltImage image) {
    one.built(image);
    other.built(image);
  }

  @Override
  public void warned(String warning) {
    one.warned(warning);
    other.warned(warning);
  }
}
