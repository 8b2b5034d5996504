package io.contractbuilder.launch;

import static io.contractbuilder.launch.ControlPlane.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A Job whose end nobody can ask for during some seconds. */
@Tag("kubernetes")
@Isolated
class ApiServerRestartIT {
  /** As a node's service manager would, some seconds later. */
  private static final String RESTART =
      """
      read -r pid _ < "$1/pids/kube-apiserver"
      mapfile -d '' -t command < "/proc/$pid/cmdline"
      kill -KILL "$pid"
      sleep 3
      setsid "${command[@]}" >> "$1/log/kube-apiserver.log" 2>&1 < /dev/null &
      """;

  @Test
  void aJobGoesOnWhileTheApiServerIsAway() throws Exception {
    Relay.registry();
    try (var plane = new ControlPlane()) {
      var limits =
          new LaunchLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(60));
      String template =
          """
          spec:
            containers:
            - {name: x, image: "127.0.0.1:5000/busybox:1", command: [sleep, "6"]}
          """;
      var tasks =
          new KubernetesTasks(
              plane.cluster(),
              new JobForm(JobTemplate.of(template, "the template"), limits),
              limits,
              new KubernetesTasksIT.NoRunner(),
              new Random());
      ContractId contract = ContractId.random(new Random());
      var run = CompletableFuture.supplyAsync(() -> tasks.run(task(contract), JobListener.NONE));
      Job job = plane.job("contract-" + contract);
      await(
          "the pod runs",
          () -> plane.pod(job).getStatus().getPhase().equals("Running") ? true : null);
      restart();
      assertThat(run.get(90, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
      assertThat(plane.pods(job)).hasSize(1);
    }
  }

  private static QueuedTask task(ContractId contract) {
    String event = "{\"version\":\"1\",\"task_type\":\"create\",\"id\":\"" + contract + "\"}";
    return new QueuedTask(
        7,
        new QueuedTask.Hold("worker", 0),
        event.getBytes(UTF_8),
        Instant.ofEpochMilli(1234),
        0,
        0,
        false);
  }

  private static void restart() throws IOException, InterruptedException {
    var command = new ArrayList<>(Relay.inNode("-a"));
    command.addAll(List.of("bash", "-c", RESTART, "restart", Relay.state().toString()));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
