package io.contractbuilder.launch;

import io.contractbuilder.job.Outcome;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at one Job until it has ended, or never will by itself. */
final class JobWatch {
  private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);

  private final Cluster cluster;
  private final LaunchLimits limits;
  private final Duration pause;
  private final Job job;
  private final String name;
  private final long begun = System.nanoTime();
  private boolean started;
  private boolean away;
  private boolean blind;

  /**
   * @param pause between two looks
   */
  JobWatch(Cluster cluster, LaunchLimits limits, Duration pause, Job job) {
    this.cluster = cluster;
    this.limits = limits;
    this.pause = pause;
    this.job = job;
    this.name = "Job " + job.getMetadata().getName();
  }

  /**
   * How the task of the Job ends.
   *
   * @throws KubernetesFailure if that could not be learned; the Job goes on
   */
  Outcome end() throws InterruptedException {
    while (true) {
      try {
        Outcome end = look();
        if (end != null) {
          return end;
        }
        away = false;
      } catch (KubernetesFailure e) {
        bear(e);
      }
      Thread.sleep(pause);
    }
  }

  /** The Job goes on without us, and its end is there to be read for some time. */
  private void bear(KubernetesFailure failure) {
    if (!failure.passes() || longerThan(limits.deadline().plus(limits.start()))) {
      throw failure;
    }
    if (!away) {
      LOG.warn("{} goes on, nobody knows how: {}", name, failure.getMessage());
      away = true;
    }
  }

  /** How it ended; null: it has not. */
  private @Nullable Outcome look() {
    Job now = cluster.job(job.getMetadata().getName());
    if (now == null || !uid(now).equals(uid(job)) || JobStory.deleted(now)) {
      return retry("Somebody deleted " + name + " before it had ended");
    }
    if (JobStory.ended(now)) {
      return JobStory.outcome(now, pods(now), notes(now));
    }
    return started ? null : starting(now);
  }

  /** Why a Job that has not started never will; it is deleted then. Null: it may, or has. */
  private @Nullable Outcome starting(Job now) {
    List<Pod> pods = pods(now);
    // Who may not see pods lets Kubernetes keep to its deadline.
    started = blind || JobStory.started(pods);
    if (started) {
      return null;
    }
    List<Event> notes = pods.isEmpty() ? notes(now) : List.of();
    String refused = JobStory.refused(notes);
    if (refused == null && !longerThan(limits.start())) {
      return null;
    }
    if (!pods.isEmpty()) {
      notes = told(() -> cluster.events(pods.getFirst().getMetadata().getUid()));
    }
    cluster.delete(now);
    return refused != null
        ? new Outcome.Failed(name + " gets no pod: " + refused, List.of(), null)
        : retry(
            name
                + " did not start within "
                + limits.start().toSeconds()
                + " s (CONTRACT_BUILDER_JOB_START_LIMIT): "
                + JobStory.story(pods, notes));
  }

  private List<Pod> pods(Job now) {
    return told(() -> cluster.pods(now));
  }

  private List<Event> notes(Job now) {
    return told(() -> cluster.events(uid(now)));
  }

  /** They say why something is so; that it is so, the Job says. */
  private <T> List<T> told(Supplier<List<T>> question) {
    try {
      return question.get();
    } catch (KubernetesFailure e) {
      if (e.passes()) {
        throw e;
      }
      if (!blind) {
        LOG.warn("{}: why it ends is not known: {}", name, e.getMessage());
        blind = true;
      }
      return List.of();
    }
  }

  private boolean longerThan(Duration limit) {
    return System.nanoTime() - begun > limit.toNanos();
  }

  private static Outcome.Retry retry(String reason) {
    return new Outcome.Retry(reason, List.of(), null);
  }

  private static String uid(Job job) {
    return job.getMetadata().getUid();
  }
}
