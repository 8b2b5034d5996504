package io.contractbuilder.launch;

import static io.contractbuilder.launch.KubeletStatus.ended;
import static io.contractbuilder.launch.LaunchedTask.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.job.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A processor whose Role lacks a right, each in turn. */
@Tag("kubernetes")
class KubernetesRightsIT {
  private static ControlPlane plane;

  private LaunchedTask task;
  private String name;

  @BeforeAll
  static void start() {
    plane = new ControlPlane();
  }

  @BeforeEach
  void begin() {
    task = LaunchedTask.of(plane, KubernetesTasksIT.TEMPLATE);
    name = task.name();
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
    return task.run(new Cluster(client, plane.namespace));
  }

  private static void failsFor(CompletableFuture<Outcome> run, String operation) {
    assertThatThrownBy(() -> end(run))
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
      assertThat(end(run)).isInstanceOf(Outcome.Done.class);
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
      assertThat(end(run))
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
      assertThat(end(run)).isEqualTo(new Outcome.Failed("seen", List.of(), null));
    }
  }
}
