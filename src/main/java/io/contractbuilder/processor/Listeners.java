package io.contractbuilder.processor;

import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Step;
import io.contractbuilder.job.StepRecord;
import java.util.List;

/** Several that hear the same. */
record Listeners(List<JobListener> all) implements JobListener {
  @Override
  public void began(ContractTask task, boolean resumed) {
    all.forEach(one -> one.began(task, resumed));
  }

  @Override
  public void stepStarted(Step step) {
    all.forEach(one -> one.stepStarted(step));
  }

  @Override
  public void stepEnded(StepRecord step) {
    all.forEach(one -> one.stepEnded(step));
  }

  @Override
  public void copied(Digest blob, long done, long size) {
    all.forEach(one -> one.copied(blob, done, size));
  }

  @Override
  public void built(BuiltImage image) {
    all.forEach(one -> one.built(image));
  }

  @Override
  public void warned(String warning) {
    all.forEach(one -> one.warned(warning));
  }
}
