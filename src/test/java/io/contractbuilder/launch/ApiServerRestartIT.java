package io.contractbuilder.launch;

import static io.contractbuilder.launch.ControlPlane.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.job.Outcome;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A Job whose end nobody can ask for during some seconds. */
@Tag("kubernetes")
@Isolated
class ApiServerRestartIT {
  @Test
  void aJobGoesOnWhileTheApiServerIsAway() throws Exception {
    Node.registry();
    try (var plane = new ControlPlane()) {
      String template =
          """
          spec:
            containers:
            - {name: x, image: "127.0.0.1:5000/busybox:1", command: [sleep, "6"]}
          """;
      LaunchedTask task = LaunchedTask.of(plane, template);
      var run = task.run();
      Job job = plane.job(task.name());
      await(
          "the pod runs",
          () -> plane.pod(job).getStatus().getPhase().equals("Running") ? true : null);
      Node.restartApiServer();
      assertThat(LaunchedTask.end(run)).isInstanceOf(Outcome.Done.class);
      assertThat(plane.pods(job)).hasSize(1);
    }
  }
}
