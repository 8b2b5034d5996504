package io.contractbuilder.launch;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.EventSummary;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each task done by a Job of its own. What is known of a Job is in the cluster alone, so that
 * any processor can go on where another one ended.
 */
public final class KubernetesTasks implements TaskRunner {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesTasks.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final JobForm form;
  private final LaunchLimits limits;
  private final TaskRunner here;
  private final RandomGenerator random;

  /**
   * @param here does what needs no Job: tasks that name no contract, and giving up
   */
  KubernetesTasks(
      Cluster cluster, JobForm form, LaunchLimits limits, TaskRunner here, RandomGenerator random) {
    this.cluster = cluster;
    this.form = form;
    this.limits = limits;
    this.here = here;
    this.random = random;
  }

  @Override
  public Outcome run(QueuedTask task, JobListener listener) {
    ContractId contract = EventSummary.of(task.event()).contract();
    if (contract == null) {
      return here.run(task, listener);
    }
    try {
      Job job = launch(contract, task);
      return job == null ? occupied(contract) : new JobWatch(cluster, limits, LOOK, job).end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Retry("The processor ends; the Job goes on", List.of(), null);
    }
  }

  @Override
  public void giveUp(QueuedTask task, String reason) {
    here.giveUp(task, reason);
  }

  /** The Job goes on: whoever takes the task next finds it. */
  @Override
  public void abort(Thread thread) {
    thread.interrupt();
    here.abort(thread);
  }

  /** The task's Job, as it is or made now; null: another of its name does not end. */
  private @Nullable Job launch(ContractId contract, QueuedTask task) throws InterruptedException {
    String name = JobForm.name(contract);
    long end = System.nanoTime() + limits.deadline().toNanos();
    while (System.nanoTime() - end < 0) {
      Job there = cluster.job(name);
      if (there == null) {
        Job made = cluster.create(form.job(contract, task, name + "-" + suffix()));
        if (made != null) {
          giveEvent(made, task);
          return made;
        }
      } else if (isOf(there, task)) {
        LOG.info("{}: its {} is there already", task, name);
        giveEvent(there, task);
        return there;
      } else if (JobStory.ended(there) && !JobStory.deleted(there)) {
        cluster.delete(there);
      } else {
        Thread.sleep(LOOK);
      }
    }
    return null;
  }

  /** A Job of an earlier try counts unless it failed. */
  private static boolean isOf(Job job, QueuedTask task) {
    var notes = job.getMetadata().getAnnotations();
    return !JobStory.deleted(job)
        && task.delivery().equals(notes.get(JobForm.DELIVERY))
        && (!JobStory.failed(job)
            || Integer.toString(task.attempts()).equals(notes.get(JobForm.ATTEMPT)));
  }

  /** The Job comes first, as the Secret is its own; a Job that can have no event is none. */
  private void giveEvent(Job job, QueuedTask task) {
    if (JobStory.ended(job)) {
      return;
    }
    try {
      cluster.create(JobForm.secret(job, task.event()));
    } catch (KubernetesFailure e) {
      try {
        cluster.delete(job);
      } catch (KubernetesFailure left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private Outcome occupied(ContractId contract) {
    return new Outcome.Retry(
        "Another Job "
            + JobForm.name(contract)
            + " did not end within "
            + limits.deadline().toSeconds()
            + " s. Look at it with kubectl, and delete it if nobody needs it",
        List.of(),
        null);
  }

  private String suffix() {
    var bytes = new byte[4];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
