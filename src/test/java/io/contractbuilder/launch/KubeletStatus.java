package io.contractbuilder.launch;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a kubelet says of a pod, for control planes without one. */
final class KubeletStatus {
  private KubeletStatus() {}

  static UnaryOperator<PodStatus> running(Pod pod) {
    return with(
        pod,
        "Running",
        new ContainerStateBuilder()
            .withNewRunning()
            .withStartedAt("2026-01-01T00:00:00Z")
            .endRunning()
            .build());
  }

  static UnaryOperator<PodStatus> waiting(Pod pod, String reason, String message) {
    return with(
        pod,
        "Pending",
        new ContainerStateBuilder()
            .withNewWaiting()
            .withReason(reason)
            .withMessage(message)
            .endWaiting()
            .build());
  }

  static UnaryOperator<PodStatus> ended(Pod pod, int code, String reason, @Nullable String log) {
    return with(
        pod,
        code == 0 ? "Succeeded" : "Failed",
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(code)
            .withReason(reason)
            .withMessage(log)
            .withStartedAt("2026-01-01T00:00:00Z")
            .withFinishedAt("2026-01-01T00:00:01Z")
            .endTerminated()
            .build());
  }

  /** Evicted by its node, which was short of something. */
  static UnaryOperator<PodStatus> evicted(String message) {
    return status ->
        new PodStatusBuilder(status)
            .withPhase("Failed")
            .withReason("Evicted")
            .withMessage(message)
            .addNewCondition()
            .withType("DisruptionTarget")
            .withStatus("True")
            .withReason("TerminationByKubelet")
            .withMessage(message)
            .endCondition()
            .build();
  }

  private static UnaryOperator<PodStatus> with(Pod pod, String phase, ContainerState state) {
    var container = pod.getSpec().getContainers().getFirst();
    return status ->
        new PodStatusBuilder(status)
            .withPhase(phase)
            .withContainerStatuses()
            .addNewContainerStatus()
            .withName(container.getName())
            .withImage(container.getImage())
            .withImageID("")
            .withReady(false)
            .withRestartCount(0)
            .withState(state)
            .endContainerStatus()
            .build();
  }
}
