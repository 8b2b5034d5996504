package io.contractbuilder.launch;

import io.contractbuilder.job.Outcome;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a Job's status, its pods and the notes about it mean for its task. */
final class JobStory {
  private static final int RETRY_MAY_HELP = 3;

  /** Why a pod is not started that its status does not tell. */
  private static final Set<String> HELD_UP =
      Set.of("FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox");

  private JobStory() {}

  /** Whether nothing will happen any more to a Job but its removal. */
  static boolean ended(Job job) {
    return end(job) != null;
  }

  /** Whether it was ended and did not do its task. */
  static boolean failed(Job job) {
    JobCondition end = end(job);
    return end != null && end.getType().equals("Failed");
  }

  /** Whether somebody deleted it, and its pods still end. */
  static boolean deleted(Job job) {
    return job.getMetadata().getDeletionTimestamp() != null;
  }

  private static @Nullable JobCondition end(Job job) {
    if (job.getStatus() == null) {
      return null;
    }
    return job.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals("Complete") || c.getType().equals("Failed"))
        .filter(c -> "True".equals(c.getStatus()))
        .findFirst()
        .orElse(null);
  }

  /**
   * How the task of an ended Job ended.
   *
   * @param pods the newest first
   * @param notes about the Job
   */
  static Outcome outcome(Job job, List<Pod> pods, List<Event> notes) {
    JobCondition end = end(job);
    if (end == null) {
      throw new IllegalArgumentException("a Job that has not ended");
    }
    if (end.getType().equals("Complete")) {
      return new Outcome.Done(null, List.of(), false);
    }
    String name = "Job " + job.getMetadata().getName();
    String reason = String.valueOf(end.getReason());
    String story = story(pods, notes);
    return switch (reason) {
      // Exit codes 1 and 2: the same again would fail again.
      case "PodFailurePolicy" ->
          new Outcome.Failed(story.isEmpty() ? name + ": " + end.getMessage() : story, NONE, null);
      case "DeadlineExceeded" ->
          retry(
              name
                  + " did not end within "
                  + job.getSpec().getActiveDeadlineSeconds()
                  + " s (activeDeadlineSeconds)",
              story);
      default -> by(pods, name + " failed (" + reason + ")", story);
    };
  }

  private static Outcome by(List<Pod> pods, String failed, String story) {
    // What the program said of itself needs no frame.
    boolean own =
        !pods.isEmpty()
            && Integer.valueOf(RETRY_MAY_HELP).equals(PodStory.of(pods.getFirst()).exitCode());
    return own && !story.isEmpty() ? retry(story, "") : retry(failed, story);
  }

  private static final List<String> NONE = List.of();

  private static Outcome.Retry retry(String what, String story) {
    return new Outcome.Retry(story.isEmpty() ? what : what + ": " + story, NONE, null);
  }

  /**
   * Why no pod is made; null: none was refused, or only because the namespace is full.
   *
   * @param notes about the Job
   */
  static @Nullable String refused(List<Event> notes) {
    return failedCreate(notes)
        .filter(text -> text.contains("is forbidden") || text.contains("denied the request"))
        .filter(text -> !text.contains("exceeded quota"))
        .orElse(null);
  }

  /**
   * What the newest pod tells; without any, why there is none.
   *
   * @param notes about the pod, or about the Job
   */
  static String story(List<Pod> pods, List<Event> notes) {
    if (!pods.isEmpty()) {
      String says = PodStory.of(pods.getFirst()).says();
      return last(notes, HELD_UP).map(text -> says + ": " + text).orElse(says);
    }
    return failedCreate(notes).map(text -> "no pod could be made: " + text).orElse("");
  }

  private static Optional<String> failedCreate(List<Event> notes) {
    return last(notes, Set.of("FailedCreate"));
  }

  private static Optional<String> last(List<Event> notes, Set<String> reasons) {
    return notes.stream()
        .filter(note -> reasons.contains(String.valueOf(note.getReason())))
        .max(Comparator.comparing(note -> String.valueOf(note.getLastTimestamp())))
        .map(note -> String.valueOf(note.getMessage()));
  }

  /** Whether the program ran in any of its pods. */
  static boolean started(List<Pod> pods) {
    return pods.stream().anyMatch(pod -> PodStory.of(pod).started());
  }
}
