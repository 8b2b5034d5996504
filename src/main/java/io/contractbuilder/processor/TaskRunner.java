package io.contractbuilder.processor;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.queue.QueuedTask;

/** Does tasks; called by several threads. */
public interface TaskRunner {

  /**
   * Does a task, which may have been begun or done before, within the time limit of tasks.
   *
   * @throws InvalidInput if it cannot be read or carried out as it is; nothing was done
   * @throws PartFailure if what it needs could not be had
   */
  Outcome run(QueuedTask task, JobListener listener);

  /**
   * The task is given up: its contract's state says so, if no job said it.
   *
   * @param reason holds no secret
   * @throws PartFailure if that could not be stored
   */
  void giveUp(QueuedTask task, String reason);

  /**
   * Stops what {@link #run} does in that thread before its next effect; what it made, it undoes.
   */
  void abort(Thread thread);
}
