package io.contractbuilder.launch;

import static io.contractbuilder.launch.ControlPlane.await;
import static io.contractbuilder.launch.KubeletStatus.ended;
import static io.contractbuilder.launch.LaunchedTask.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.job.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A real API server that has no time for the processor. Its priority and fairness gives the
 * processor's service account one request at a time and lets none wait, and that one is held up by
 * an admission webhook that never answers: all others are answered by 429.
 */
@Tag("kubernetes")
class OverloadIT {
  private static final int HELD_MS = 40_000;

  private final ServerSocket silent;
  private ControlPlane plane;
  private @Nullable Relay relay;
  private KubernetesClient client;
  private LaunchedTask task;

  OverloadIT() throws IOException {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @BeforeEach
  void start() throws IOException {
    plane = new ControlPlane();
    relay = Node.runs() ? new Relay(silent.getLocalPort()) : null;
    var rights = new ArrayList<>(Rights.NEEDED);
    rights.add(new Rights("", "configmaps", "create"));
    client = plane.as("processor", rights);
    task = LaunchedTask.of(plane, KubernetesTasksIT.TEMPLATE);
  }

  @AfterEach
  void stop() throws IOException {
    silent.close();
    if (plane != null) {
      hasTime();
      client.close();
      if (relay != null) {
        relay.close();
      }
      plane.close();
    }
  }

  private Cluster cluster() {
    return new Cluster(client, plane.namespace);
  }

  private void hasNoTime() {
    plane.client.resource(level()).create();
    plane.client.resource(flow()).create();
    plane.client.resource(webhook()).create();
    Config patient = LaunchedTasks.patient(new ConfigBuilder(client.getConfiguration()).build());
    patient.setRequestTimeout(HELD_MS);
    Thread.ofPlatform().daemon().start(() -> hold(patient));
    Config config = new ConfigBuilder(client.getConfiguration()).build();
    config.setRequestRetryBackoffLimit(0);
    try (var impatient = new KubernetesClientBuilder().withConfig(config).build()) {
      await("429", () -> isRefused(new Cluster(impatient, plane.namespace)));
    }
  }

  /** One request after another, each as long as a webhook may take. */
  private void hold(Config config) {
    try (var holding = new KubernetesClientBuilder().withConfig(config).build()) {
      while (!silent.isClosed()) {
        try {
          holding.resource(map()).create();
        } catch (KubernetesClientException e) {
          // Refused as any other, or too late.
        }
      }
    }
  }

  private static boolean isRefused(Cluster cluster) {
    try {
      cluster.job("none");
      return false;
    } catch (KubernetesFailure e) {
      return e.code() == 429;
    }
  }

  private void hasTime() {
    plane.client.resource(webhook()).delete();
    plane.client.resource(flow()).delete();
    plane.client.resource(level()).delete();
  }

  private String map() {
    return """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"generateName": "held-", "namespace": "%s"}}"""
        .formatted(plane.namespace);
  }

  private String level() {
    return """
        {"apiVersion": "flowcontrol.apiserver.k8s.io/v1", "kind": "PriorityLevelConfiguration",
         "metadata": {"name": "%s"},
         "spec": {"type": "Limited", "limited": {"nominalConcurrencyShares": 0, "lendablePercent": 0,
           "borrowingLimitPercent": 0, "limitResponse": {"type": "Reject"}}}}"""
        .formatted(plane.namespace);
  }

  private String flow() {
    return """
        {"apiVersion": "flowcontrol.apiserver.k8s.io/v1", "kind": "FlowSchema",
         "metadata": {"name": "%1$s"},
         "spec": {"priorityLevelConfiguration": {"name": "%1$s"}, "matchingPrecedence": 2,
           "rules": [{"subjects": [{"kind": "ServiceAccount",
               "serviceAccount": {"name": "processor", "namespace": "%1$s"}}],
             "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"],
               "namespaces": ["*"], "clusterScope": true}]}]}}"""
        .formatted(plane.namespace);
  }

  private String webhook() {
    return """
        {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
         "metadata": {"name": "%1$s"},
         "webhooks": [{"name": "silent.contract-builder.example", "failurePolicy": "Ignore",
           "sideEffects": "None", "admissionReviewVersions": ["v1"], "timeoutSeconds": 30,
           "clientConfig": {"url": "https://%2$s:%3$d/"},
           "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "%1$s"}},
           "rules": [{"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"],
             "resources": ["configmaps"]}]}]}"""
        .formatted(
            plane.namespace, relay == null ? "127.0.0.1" : Node.ADDRESS, silent.getLocalPort());
  }

  @Test
  void aJobThatCannotBeMadeIsMadeLater() {
    hasNoTime();
    assertThatThrownBy(() -> end(task.run(cluster())))
        .cause()
        .isInstanceOfSatisfying(
            KubernetesFailure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(429);
              assertThat(failure.retryHelps()).isTrue();
            })
        // Which of the calls it has no time for is the server's to choose.
        .hasMessageMatching(
            "Kubernetes: (get Job|create Secret|create Job) "
                + task.name()
                + ".*The API server is overloaded.*");
    assertThat(plane.isGone(task.name())).isTrue();
  }

  @Test
  void aJobThatRunsIsWaitedFor() throws Exception {
    var run = task.run(cluster());
    Job job = plane.job(task.name());
    Pod pod = plane.pod(job);
    hasNoTime();
    plane.say(pod, ended(pod, 0, "Completed", null));
    // As long as the processor's own call takes until it gives up.
    assertThat(isRefused(cluster())).isTrue();
    assertThat(run).isNotDone();
    silent.close();
    hasTime();
    assertThat(end(run)).isInstanceOf(Outcome.Done.class);
    assertThat(plane.pods(job)).hasSize(1);
  }
}
