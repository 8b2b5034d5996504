package io.contractbuilder.launch;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's status tells.
 *
 * @param started whether the program runs or ran in it
 * @param exitCode the program's; null: it has not ended, or nobody knows
 * @param says what became of it, or what it waits for, with its last words; empty: nothing special
 */
record PodStory(boolean started, @Nullable Integer exitCode, String says) {

  /** Of the pod's first container, which is ours. */
  static PodStory of(Pod pod) {
    PodStatus status = pod.getStatus();
    String container = pod.getSpec().getContainers().getFirst().getName();
    Optional<ContainerStatus> ours =
        status.getContainerStatuses().stream()
            .filter(one -> one.getName().equals(container))
            .findFirst();
    ContainerStateTerminated ended = ours.map(one -> one.getState().getTerminated()).orElse(null);
    if (ended != null) {
      return ended(status, ended);
    }
    boolean runs = ours.map(one -> one.getState().getRunning()).isPresent();
    if (runs || reason(status) != null) {
      return new PodStory(runs, null, text(status));
    }
    ContainerStateWaiting waiting = ours.map(one -> one.getState().getWaiting()).orElse(null);
    return new PodStory(false, null, waiting == null ? unscheduled(status) : text(waiting));
  }

  private static PodStory ended(PodStatus status, ContainerStateTerminated ended) {
    Integer code = ended.getExitCode();
    String words = lastWords(ended.getMessage());
    String how =
        switch (String.valueOf(ended.getReason())) {
          case "OOMKilled" -> "its pod was out of memory (OOMKilled): raise the memory limit";
          case "StartError" -> "its pod could not start the program";
          case "ContainerStatusUnknown" -> "its pod was lost";
          default -> words.isEmpty() || code > 128 ? "its pod ended with exit code " + code : "";
        };
    boolean ran = !"StartError".equals(ended.getReason());
    return new PodStory(ran, code, joined(text(status), joined(how, words)));
  }

  private static @Nullable String reason(PodStatus status) {
    return status.getReason();
  }

  /** Why the pod as a whole was ended: evicted, its node lost, preempted. */
  private static String text(PodStatus status) {
    for (PodCondition condition : status.getConditions()) {
      if (condition.getType().equals("DisruptionTarget") && "True".equals(condition.getStatus())) {
        return "its pod was taken away ("
            + condition.getReason()
            + "): "
            + nonNull(condition.getMessage());
      }
    }
    return status.getReason() == null
        ? ""
        : "its pod was ended (" + status.getReason() + "): " + nonNull(status.getMessage());
  }

  private static String text(ContainerStateWaiting waiting) {
    String reason = nonNull(waiting.getReason());
    String message = nonNull(waiting.getMessage());
    return "its pod waits (" + reason + ")" + (message.isEmpty() ? "" : ": " + message);
  }

  private static String unscheduled(PodStatus status) {
    for (PodCondition condition : status.getConditions()) {
      if (condition.getType().equals("PodScheduled") && "False".equals(condition.getStatus())) {
        return "its pod finds no node ("
            + condition.getReason()
            + "): "
            + nonNull(condition.getMessage());
      }
    }
    return "its pod waits to be started";
  }

  /** The last error of our own log, or the last line of another's. */
  static String lastWords(@Nullable String log) {
    if (log == null || log.isBlank()) {
      return "";
    }
    List<String> lines = log.strip().lines().toList();
    for (String line : lines.reversed()) {
      String said = error(line);
      if (said != null) {
        return said;
      }
    }
    return lines.getLast();
  }

  private static @Nullable String error(String line) {
    try {
      JsonNode entry = Json.read(line.getBytes(StandardCharsets.UTF_8));
      return entry.path("level").asText().equals("error") ? entry.path("message").asText() : null;
    } catch (MalformedJson e) {
      // Another's, or its beginning was cut off.
      return null;
    }
  }

  private static String joined(String first, String second) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + ". " + second;
  }

  private static String nonNull(@Nullable String text) {
    return text == null ? "" : text;
  }
}
