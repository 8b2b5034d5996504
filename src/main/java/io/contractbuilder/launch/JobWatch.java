package io.contractbuilder.launch;

import io.contractbuilder.job.Outcome;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a Job until it has ended, or never will by itself. */
final class JobWatch {
  private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);

  private final Cluster cluster;
  private final LaunchLimits limits;
  private final Duration pause;

  /**
   * @param pause between two looks
   */
  JobWatch(Cluster cluster, LaunchLimits limits, Duration pause) {
    this.cluster = cluster;
    this.limits = limits;
    this.pause = pause;
  }

  /**
   * How the task of a Job ends.
   *
   * @throws KubernetesFailure if that could not be learned within the Job's own deadline
   */
  Outcome end(Job job) throws InterruptedException {
    long start = System.nanoTime();
    boolean started = false;
    while (true) {
      try {
        Job now = cluster.job(job.getMetadata().getName());
        if (now == null || !uid(now).equals(uid(job)) || JobStory.deleted(now)) {
          return gone(job);
        }
        if (JobStory.ended(now)) {
          return JobStory.outcome(now, cluster.pods(now), cluster.events(uid(now)));
        }
        if (!started) {
          List<Pod> pods = cluster.pods(now);
          started = JobStory.started(pods);
          Outcome never = started ? null : never(now, pods, start);
          if (never != null) {
            cluster.delete(now);
            return never;
          }
        }
      } catch (KubernetesFailure e) {
        // The Job goes on without us; its end is there to be read for some time.
        if (System.nanoTime() - start > limits.deadline().plus(limits.start()).toNanos()) {
          throw e;
        }
        LOG.warn("{}; asked again", e.getMessage());
      }
      Thread.sleep(pause);
    }
  }

  /** Why a Job will not start, by what is seen now; null: it may. */
  private @org.jspecify.annotations.Nullable Outcome never(Job job, List<Pod> pods, long start) {
    List<Event> notes = pods.isEmpty() ? cluster.events(uid(job)) : List.of();
    String name = "Job " + job.getMetadata().getName();
    String refused = JobStory.refused(notes);
    if (refused != null) {
      return new Outcome.Failed(name + " gets no pod: " + refused, List.of(), null);
    }
    if (System.nanoTime() - start < limits.start().toNanos()) {
      return null;
    }
    return new Outcome.Retry(
        name
            + " did not start within "
            + limits.start().toSeconds()
            + " s (CONTRACT_BUILDER_JOB_START_LIMIT): "
            + JobStory.story(pods, notes),
        List.of(),
        null);
  }

  private static Outcome gone(Job job) {
    return new Outcome.Retry(
        "Somebody deleted Job " + job.getMetadata().getName() + " before it had ended",
        List.of(),
        null);
  }

  private static String uid(Job job) {
    return job.getMetadata().getUid();
  }
}
