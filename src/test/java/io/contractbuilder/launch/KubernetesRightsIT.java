package io.contractbuilder.launch;

import static io.contractbuilder.launch.KubeletStatus.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A processor whose Role lacks a right, each in turn. */
@Tag("kubernetes")
class KubernetesRightsIT {
  private static final LaunchLimits LIMITS =
      new LaunchLimits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(60));

  private static ControlPlane plane;

  private final ContractId contract = ContractId.random(new Random());
  private final String name = "contract-" + contract;

  @BeforeAll
  static void start() {
    plane = new ControlPlane();
  }

  @AfterAll
  static void stop() {
    if (plane != null) {
      plane.close();
    }
  }

  private static List<Rights> without(String right) {
    return Rights.NEEDED.stream().filter(one -> !one.toString().equals(right)).toList();
  }

  private CompletableFuture<Outcome> run(KubernetesClient client) {
    var task =
        new QueuedTask(
            1,
            new QueuedTask.Hold("w", 0),
            ("{\"task_type\":\"create\",\"id\":\"" + contract + "\"}")
                .getBytes(StandardCharsets.UTF_8),
            Instant.EPOCH,
            0,
            0,
            false);
    var tasks =
        new KubernetesTasks(
            new Cluster(client, plane.namespace),
            new JobForm(JobTemplate.of(KubernetesTasksIT.TEMPLATE, "it"), LIMITS),
            LIMITS,
            new KubernetesTasksIT.NoRunner(),
            new Random());
    return CompletableFuture.supplyAsync(() -> tasks.run(task, JobListener.NONE));
  }

  private static void failsFor(CompletableFuture<Outcome> run, String operation) {
    assertThatThrownBy(() -> run.get(30, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(KubernetesFailure.class)
        .hasMessageStartingWith("Kubernetes: " + operation)
        .hasMessageContaining(": 403: ")
        .hasMessageContaining("Check the Role")
        .extracting(thrown -> ((KubernetesFailure) thrown).retryHelps())
        .isEqualTo(true);
  }

  @Test
  void theRightsThatAreNeededAreEnough() throws Exception {
    try (KubernetesClient client = plane.as("whole", Rights.NEEDED)) {
      LaunchedTasks.requireRights(new Cluster(client, plane.namespace));
      var run = run(client);
      Pod pod = plane.pod(plane.job(name));
      plane.say(pod, ended(pod, 0, "Completed", null));
      assertThat(run.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
    }
  }

  @Test
  void whatIsLackingIsNamedAtTheStart() {
    for (Rights right : Rights.NEEDED) {
      String user = "lacks-" + right.toString().replace(' ', '-');
      try (KubernetesClient client = plane.as(user, without(right.toString()))) {
        assertThatThrownBy(() -> LaunchedTasks.requireRights(new Cluster(client, plane.namespace)))
            .hasMessage(
                "Kubernetes: launch Jobs in namespace "
                    + plane.namespace
                    + ": the service account may not "
                    + right
                    + ". Allow it by a Role (docs/kubernetes.md)");
      }
    }
  }

  @Test
  void withoutLookingAtJobs() {
    try (KubernetesClient client = plane.as("no-get", without("get jobs"))) {
      failsFor(run(client), "get Job " + name);
    }
  }

  @Test
  void withoutMakingJobs() {
    try (KubernetesClient client = plane.as("no-create", without("create jobs"))) {
      failsFor(run(client), "create Job " + name);
    }
  }

  @Test
  void withoutMakingSecretsNoJobIsLeft() {
    try (KubernetesClient client = plane.as("no-secret", without("create secrets"))) {
      failsFor(run(client), "create Secret " + name);
      assertThat(plane.isGone(name)).isTrue();
    }
  }

  @Test
  void withoutDeletingJobsAnEndedOneIsInTheWay() throws Exception {
    try (KubernetesClient client = plane.as("no-delete", without("delete jobs"))) {
      plane.makeEndedJob(name);
      failsFor(run(client), "delete Job " + name);
    }
  }

  @Test
  void withoutSeeingPodsTheTaskEndsAllTheSame() throws Exception {
    try (KubernetesClient client = plane.as("no-pods", without("list pods"))) {
      var run = run(client);
      Pod pod = plane.pod(plane.job(name));
      plane.say(pod, ended(pod, 1, "Error", "{\"level\":\"error\",\"message\":\"unseen\"}"));
      assertThat(run.get(30, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.reason()).contains(name, "exit code 1"));
    }
  }

  @Test
  void withoutSeeingEventsTheTaskEndsAllTheSame() throws Exception {
    try (KubernetesClient client = plane.as("no-events", without("list events"))) {
      var run = run(client);
      Pod pod = plane.pod(plane.job(name));
      plane.say(pod, ended(pod, 1, "Error", "{\"level\":\"error\",\"message\":\"seen\"}"));
      assertThat(run.get(30, TimeUnit.SECONDS))
          .isEqualTo(new Outcome.Failed("seen", List.of(), null));
    }
  }
}
