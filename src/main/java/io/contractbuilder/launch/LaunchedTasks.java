package io.contractbuilder.launch;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import io.contractbuilder.processor.TaskRunner;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runner of tasks by Jobs, with its connection. */
public final class LaunchedTasks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LaunchedTasks.class);

  /** A call is asked again over about six seconds where nobody answers, or "later" is answered. */
  private static final int TRIES = 5;

  private static final int FIRST_PAUSE_MS = 200;
  private static final int CALL_MS = 10_000;

  private final KubernetesClient client;
  private final KubernetesTasks tasks;

  private LaunchedTasks(KubernetesClient client, KubernetesTasks tasks) {
    this.client = client;
    this.tasks = tasks;
  }

  /**
   * With the cluster that {@code KUBECONFIG} names, else with the one that this process runs in.
   *
   * @param template a file: what the operator says of Jobs' pods
   * @param namespace null: the processor's own
   * @param here does what needs no Job
   * @throws InvalidInput if one of them cannot be used
   * @throws KubernetesFailure if this process may not do what it has to
   */
  public static LaunchedTasks open(
      Map<String, String> environment,
      Path template,
      @Nullable String namespace,
      LaunchLimits limits,
      TaskRunner here) {
    JobTemplate pods = JobTemplate.read(template);
    Config config = config(environment);
    String where = namespace == null ? config.getNamespace() : namespace;
    if (where == null || where.isEmpty()) {
      throw new InvalidInput(
          "settings",
          List.of(
              new Violation(
                  "CONTRACT_BUILDER_JOB_NAMESPACE",
                  "nothing, and this process runs in none",
                  "the namespace that Jobs run in")));
    }
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
    var cluster = new Cluster(client, where);
    try {
      requireRights(cluster);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
    return new LaunchedTasks(
        client,
        new KubernetesTasks(cluster, new JobForm(pods, limits), limits, here, new SecureRandom()));
  }

  /** An API server that is away now may be there when the first task comes. */
  static void requireRights(Cluster cluster) {
    List<Rights> lacking;
    try {
      lacking = cluster.lacks(Rights.NEEDED);
    } catch (KubernetesFailure e) {
      LOG.warn("Whether Jobs may be launched is not known: {}", e.getMessage());
      return;
    }
    if (!lacking.isEmpty()) {
      throw KubernetesFailure.lacking(cluster.namespace(), lacking);
    }
  }

  public TaskRunner tasks() {
    return tasks;
  }

  @Override
  public void close() {
    client.close();
  }

  private static Config config(Map<String, String> environment) {
    String file = environment.getOrDefault("KUBECONFIG", "");
    Config found =
        file.isEmpty() ? new ConfigBuilder().build() : Config.fromKubeconfig(new File(file));
    return patient(found);
  }

  static Config patient(Config config) {
    config.setRequestTimeout(CALL_MS);
    config.setConnectionTimeout(CALL_MS);
    config.setRequestRetryBackoffLimit(TRIES);
    config.setRequestRetryBackoffInterval(FIRST_PAUSE_MS);
    return config;
  }
}
