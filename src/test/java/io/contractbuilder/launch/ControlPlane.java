package io.contractbuilder.launch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of a real Kubernetes, under the restricted level. Where no kubelet runs, tests write
 * what one would say.
 */
public final class ControlPlane implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  public final KubernetesClient client;
  public final String namespace = "launch-" + UUID.randomUUID().toString().substring(0, 8);

  public ControlPlane() {
    String file = System.getenv().getOrDefault("PARTS_KUBECONFIG", "");
    assumeTrue(!file.isEmpty(), "no Kubernetes: ./verify --kubernetes runs one");
    Config config = Config.fromKubeconfig(new File(file));
    client = new KubernetesClientBuilder().withConfig(config).build();
    client
        .namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
    await(
        "the namespace's service account",
        () -> client.serviceAccounts().inNamespace(namespace).withName("default").get());
  }

  Cluster cluster() {
    return new Cluster(client, namespace);
  }

  public Job job(String name) {
    return await(
        "Job " + name,
        () -> client.batch().v1().jobs().inNamespace(namespace).withName(name).get());
  }

  public List<Pod> pods(Job job) {
    return cluster().pods(job);
  }

  /** The newest pod of a Job, once its controller has made it. */
  Pod pod(Job job) {
    return await("a pod of " + job.getMetadata().getName(), () -> first(pods(job)));
  }

  /** The pod that its controller made after another. */
  Pod podAfter(Job job, Pod before) {
    return await(
        "a pod after " + before.getMetadata().getName(),
        () -> {
          Pod newest = first(pods(job));
          boolean other =
              newest != null
                  && !newest.getMetadata().getUid().equals(before.getMetadata().getUid())
                  && newest.getStatus().getPhase().equals("Pending");
          return other ? newest : null;
        });
  }

  /** The Job of the same name after another is gone. */
  public Job jobAfter(Job before) {
    String name = before.getMetadata().getName();
    return await(
        "a Job after " + name,
        () -> {
          Job now = client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
          return now == null || now.getMetadata().getUid().equals(before.getMetadata().getUid())
              ? null
              : now;
        });
  }

  public boolean isGone(String job) {
    return await(
        "the end of Job " + job,
        () -> client.batch().v1().jobs().inNamespace(namespace).withName(job).get() == null);
  }

  /** Ends a pod that is being deleted, as a kubelet does when its containers have ended. */
  void goAway(Pod pod) {
    String name = pod.getMetadata().getName();
    await(
        "the deletion of Pod " + name,
        () -> {
          Pod now = client.pods().inNamespace(namespace).withName(name).get();
          return now == null || now.getMetadata().getDeletionTimestamp() != null;
        });
    client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
  }

  /** A client of a user who has these rights in the namespace, and no other. */
  KubernetesClient as(String user, List<Rights> rights) {
    client
        .rbac()
        .roles()
        .inNamespace(namespace)
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName(user)
                .endMetadata()
                .withRules(
                    rights.stream()
                        .map(
                            right ->
                                new PolicyRuleBuilder()
                                    .withApiGroups(right.group())
                                    .withResources(right.resource())
                                    .withVerbs(right.verb())
                                    .build())
                        .toList())
                .build())
        .create();
    client
        .rbac()
        .roleBindings()
        .inNamespace(namespace)
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(user)
                .endMetadata()
                .withNewRoleRef()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("Role")
                .withName(user)
                .endRoleRef()
                .addNewSubject()
                .withKind("ServiceAccount")
                .withNamespace(namespace)
                .withName(user)
                .endSubject()
                .build())
        .create();
    Config config = LaunchedTasks.patient(new ConfigBuilder(client.getConfiguration()).build());
    config.setImpersonateUsername("system:serviceaccount:" + namespace + ":" + user);
    config.setImpersonateGroups("system:serviceaccounts", "system:authenticated");
    KubernetesClient made = new KubernetesClientBuilder().withConfig(config).build();
    if (!rights.isEmpty()) {
      // The API server learns of a Role a moment later.
      await("the Role of " + user, () -> new Cluster(made, namespace).lacks(rights).isEmpty());
    }
    return made;
  }

  /** A Job as somebody else may have left it. */
  void makeEndedJob(String name) {
    Job job =
        new JobBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withNewTemplate()
            .withNewSpec()
            .withRestartPolicy("Never")
            .addToNodeSelector("kubelet", "played")
            .addNewContainer()
            .withName("x")
            .withImage("x")
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withAllowPrivilegeEscalation(false)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities()
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext()
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
    Job made = client.batch().v1().jobs().inNamespace(namespace).resource(job).create();
    Pod pod = pod(made);
    say(pod, KubeletStatus.ended(pod, 0, "Completed", null));
    await("the end of " + name, () -> JobStory.ended(job(name)));
  }

  /** Every Job, pod, event of the namespace, as anybody sees it who may not read Secrets. */
  public String everything() {
    return Serialization.asJson(client.batch().v1().jobs().inNamespace(namespace).list())
        + Serialization.asJson(client.pods().inNamespace(namespace).list())
        + Serialization.asJson(client.v1().events().inNamespace(namespace).list());
  }

  /** Says of a pod what a kubelet would. */
  Pod say(Pod pod, UnaryOperator<PodStatus> status) {
    // The scheduler writes there, too.
    return await("the status of " + pod.getMetadata().getName(), () -> said(pod, status));
  }

  private @Nullable Pod said(Pod pod, UnaryOperator<PodStatus> status) {
    try {
      return client
          .pods()
          .inNamespace(namespace)
          .withName(pod.getMetadata().getName())
          .editStatus(
              now -> {
                now.setStatus(status.apply(now.getStatus()));
                return now;
              });
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return null;
      }
      throw e;
    }
  }

  public static <T> T await(String what, Supplier<? extends @Nullable T> condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - end < 0) {
      @Nullable T found = condition.get();
      if (found != null && !Boolean.FALSE.equals(found)) {
        return found;
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    throw new AssertionError("waited in vain for " + what);
  }

  private static <T> @Nullable T first(List<T> list) {
    return list.isEmpty() ? null : list.getFirst();
  }

  @Override
  public void close() {
    client.namespaces().withName(namespace).delete();
    client.close();
  }
}
