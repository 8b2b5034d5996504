package io.contractbuilder.launch;

import static io.contractbuilder.launch.ControlPlane.await;
import static io.contractbuilder.launch.LaunchedTask.end;
import static io.contractbuilder.launch.LaunchedTask.later;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.job.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Jobs whose node's own parts fail; no other test may need them meanwhile. */
@Tag("kubernetes")
@Isolated
class NodeFaultsIT {
  /** Short of memory by its own measure, as no test can take a whole machine's. */
  private static final String SHORT_OF_MEMORY =
      "$a evictionSoft: {memory.available: 100Ti}\\n"
          + "evictionSoftGracePeriod: {memory.available: 0s}\\n"
          + "evictionPressureTransitionPeriod: 0s";

  private ControlPlane plane;
  private LaunchedTask task;

  @BeforeEach
  void start() {
    Node.registry();
    plane = new ControlPlane();
    task = LaunchedTask.of(plane, "");
  }

  private static String sleeping(int seconds) {
    return """
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: x
                image: 127.0.0.1:5000/busybox:1
                command: [sleep, "%d"]
                resources: {requests: {memory: 8Mi}}
            """
        .formatted(seconds);
  }

  @AfterEach
  void stop() {
    if (plane != null) {
      plane.close();
    }
  }

  private Pod running(Job job) {
    return await(
        "a pod that runs",
        () ->
            plane.pods(job).stream()
                .filter(pod -> pod.getStatus().getPhase().equals("Running"))
                .findFirst()
                .orElse(null));
  }

  @Test
  void aJobGoesOnWhileTheApiServerIsAway() throws Exception {
    var run = task.withTemplate(sleeping(6)).run();
    Job job = plane.job(task.name());
    running(job);
    Node.restartApiServer();
    assertThat(end(run)).isInstanceOf(Outcome.Done.class);
    assertThat(plane.pods(job)).hasSize(1);
  }

  /** By the kubelet itself; it does not count as a failure. */
  @Test
  void aPodThatItsNodeHasNoMemoryForIsReplacedWhenItHasSome() throws Exception {
    var run = task.withTemplate(sleeping(3600)).run();
    Job job = plane.job(task.name());
    Pod pod = running(job);
    Node.restartKubelet(SHORT_OF_MEMORY);
    try {
      Pod evicted =
          await(
              "the eviction",
              () -> {
                Pod now = plane.client.pods().resource(pod).get();
                return now.getStatus().getPhase().equals("Failed") ? now : null;
              });
      assertThat(evicted.getStatus().getReason()).isEqualTo("Evicted");
      assertThat(PodStory.of(evicted).says())
          .contains("taken away (TerminationByKubelet)", "low on resource: memory");
    } finally {
      Node.restartKubelet("");
    }
    assertThat(running(job).getMetadata().getUid()).isNotEqualTo(pod.getMetadata().getUid());
    assertThat(run).isNotDone();
    assertThat(plane.job(task.name()).getStatus().getFailed()).isIn(null, 0);
    plane.client.batch().v1().jobs().resource(job).delete();
    assertThat(later(run)).contains("Somebody deleted Job " + task.name());
  }
}
