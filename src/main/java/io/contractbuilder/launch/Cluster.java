package io.contractbuilder.launch;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that is asked of Kubernetes' API, in one namespace; each call as a Role names it. */
final class Cluster {
  private final KubernetesClient client;
  private final String namespace;

  Cluster(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  String namespace() {
    return namespace;
  }

  /**
   * The Job of this name; null: there is none.
   *
   * @throws KubernetesFailure if it cannot be had
   */
  @Nullable Job job(String name) {
    return asked(
        "get Job " + name,
        () -> client.batch().v1().jobs().inNamespace(namespace).withName(name).get());
  }

  /**
   * Makes a Job.
   *
   * @return null if there is one of its name
   * @throws KubernetesFailure if it is refused
   */
  @Nullable Job create(Job job) {
    try {
      return asked(
          "create Job " + job.getMetadata().getName(),
          () -> client.batch().v1().jobs().inNamespace(namespace).resource(job).create());
    } catch (KubernetesFailure e) {
      if (e.code() == HttpURLConnection.HTTP_CONFLICT) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Makes a Secret, unless it is there.
   *
   * @throws KubernetesFailure if it is refused
   */
  void create(Secret secret) {
    try {
      asked(
          "create Secret " + secret.getMetadata().getName(),
          () -> client.secrets().inNamespace(namespace).resource(secret).create());
    } catch (KubernetesFailure e) {
      if (e.code() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  /**
   * Deletes this very Job, its pods and its Secret after it, unless it is gone.
   *
   * @throws KubernetesFailure if it is refused
   */
  void delete(Job job) {
    String name = job.getMetadata().getName();
    var options =
        new DeleteOptionsBuilder()
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(job.getMetadata().getUid())
            .endPreconditions()
            .build();
    String path = "/apis/batch/v1/namespaces/" + namespace + "/jobs/" + name;
    try {
      asked("delete Job " + name, () -> client.raw(path, "DELETE", options));
    } catch (KubernetesFailure e) {
      // Another one has its name by now, or none.
      if (e.code() != HttpURLConnection.HTTP_CONFLICT
          && e.code() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  /**
   * The Job's pods, the newest first.
   *
   * @throws KubernetesFailure if they cannot be had
   */
  List<Pod> pods(Job job) {
    String uid = job.getMetadata().getUid();
    return asked(
        "list Pods of Job " + job.getMetadata().getName(),
        () ->
            client
                .pods()
                .inNamespace(namespace)
                .withLabel("batch.kubernetes.io/controller-uid", uid)
                .list()
                .getItems()
                .stream()
                .sorted(
                    Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                        .reversed())
                .toList());
  }

  /**
   * What was noted about an object, in no order.
   *
   * @param uid the object's
   * @throws KubernetesFailure if they cannot be had
   */
  List<Event> events(String uid) {
    return asked(
        "list Events",
        () ->
            client
                .v1()
                .events()
                .inNamespace(namespace)
                .withField("involvedObject.uid", uid)
                .list()
                .getItems());
  }

  /**
   * Which of the rights this process lacks in the namespace.
   *
   * @throws KubernetesFailure if that cannot be learned
   */
  List<Rights> lacks(List<Rights> needed) {
    return needed.stream().filter(right -> !has(right)).toList();
  }

  private boolean has(Rights right) {
    SelfSubjectAccessReview question =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withGroup(right.group())
            .withResource(right.resource())
            .withVerb(right.verb())
            .endResourceAttributes()
            .endSpec()
            .build();
    SelfSubjectAccessReview answer =
        asked(
            "create SelfSubjectAccessReview",
            () -> client.authorization().v1().selfSubjectAccessReview().create(question));
    return answer.getStatus().getAllowed();
  }

  private static <T extends @Nullable Object> T asked(String operation, Supplier<T> call) {
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      throw KubernetesFailure.of(operation, e);
    }
  }
}
