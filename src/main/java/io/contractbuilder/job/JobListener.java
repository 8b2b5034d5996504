package io.contractbuilder.job;

import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.BuiltImage;

/** Is told how a job goes on. Nothing that it hears holds a secret. */
public interface JobListener {
  /** Hears nothing. */
  JobListener NONE = new JobListener() {};

  /**
   * A job begins.
   *
   * @param resumed whether it goes on with one that was cut off
   */
  default void began(ContractTask task, boolean resumed) {}

  /** A step begins; {@link #stepEnded} follows unless the process ends. */
  default void stepStarted(Step step) {}

  /** A step ended, or was not necessary. */
  default void stepEnded(StepRecord step) {}

  /**
   * A copy goes on; called from several threads.
   *
   * @param blob which blob
   * @param done bytes of it that are there
   * @param size all its bytes
   */
  default void copied(Digest blob, long done, long size) {}

  /** An image was built and pushed. */
  default void built(BuiltImage image) {}

  /** Something may be a surprise, but is no error. */
  default void warned(String warning) {}
}
