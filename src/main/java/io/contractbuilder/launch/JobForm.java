package io.contractbuilder.launch;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a task's Job, and the Secret that holds its event. */
final class JobForm {
  /** What the pods of all our Jobs are found by. */
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  static final String US = "contract-builder";

  /** Whose Job it is: {@link QueuedTask#delivery}. */
  static final String DELIVERY = "contract-builder/delivery";

  /** Which try: {@link QueuedTask#attempts}. */
  static final String ATTEMPT = "contract-builder/attempt";

  private static final String EVENT = "event";
  private static final String EVENT_FOLDER = "/run/contract-event";
  private static final Set<String> OURS =
      Set.of("EVENT", "EVENT_FILE", "EVENT_DELIVERY", "CONTRACT_BUILDER_TIMEOUT");
  private static final long USER = 1000;

  /** One more pod after one that was killed or says that running it again may help. */
  private static final int MORE_PODS = 1;

  private final JobTemplate template;
  private final LaunchLimits limits;

  JobForm(JobTemplate template, LaunchLimits limits) {
    this.template = template;
    this.limits = limits;
  }

  /** The name of a contract's Job, as the chain's own processor calls it. */
  static String name(ContractId contract) {
    return "contract-" + contract;
  }

  /**
   * A task's Job. Nothing of the event stands in it.
   *
   * @param secret the name of the Secret that will hold the event
   */
  Job job(ContractId contract, QueuedTask task, String secret) {
    PodTemplateSpec pod = pod(contract, task, secret);
    return new JobBuilder()
        .withNewMetadata()
        .withName(name(contract))
        .withLabels(pod.getMetadata().getLabels())
        .addToAnnotations(DELIVERY, task.delivery())
        .addToAnnotations(ATTEMPT, Integer.toString(task.attempts()))
        .endMetadata()
        .withNewSpec()
        .withCompletions(1)
        .withParallelism(1)
        .withBackoffLimit(MORE_PODS)
        .withPodFailurePolicy(failures(name(contract)))
        .withActiveDeadlineSeconds(limits.deadline().toSeconds())
        .withTtlSecondsAfterFinished((int) limits.keep().toSeconds())
        .withTemplate(pod)
        .endSpec()
        .build();
  }

  /** The name of the Secret that a Job of ours mounts. */
  static String secretName(Job job) {
    return job.getSpec().getTemplate().getSpec().getVolumes().stream()
        .filter(volume -> volume.getName().equals(EVENT) && volume.getSecret() != null)
        .map(volume -> volume.getSecret().getSecretName())
        .findFirst()
        .orElse(job.getMetadata().getName());
  }

  /** Owned by the Job, so that it goes with it. */
  static Secret secret(Job job, byte[] event) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(secretName(job))
        .withLabels(job.getMetadata().getLabels())
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(false)
        .endOwnerReference()
        .endMetadata()
        .withType("Opaque")
        .withImmutable(true)
        .addToData(EVENT, Base64.getEncoder().encodeToString(event))
        .build();
  }

  /**
   * By exit code (docs/exit-codes.md): 1 and 2 would come again; a pod that was evicted does not
   * count; anything else is counted.
   */
  private static PodFailurePolicy failures(String container) {
    return new PodFailurePolicyBuilder()
        .addNewRule()
        .withAction("FailJob")
        .withNewOnExitCodes()
        .withContainerName(container)
        .withOperator("In")
        .withValues(1, 2)
        .endOnExitCodes()
        .endRule()
        .addNewRule()
        .withAction("Ignore")
        .addNewOnPodCondition()
        .withType("DisruptionTarget")
        .withStatus("True")
        .endOnPodCondition()
        .endRule()
        .build();
  }

  private PodTemplateSpec pod(ContractId contract, QueuedTask task, String secret) {
    PodTemplateSpec pod = new PodTemplateSpecBuilder(template.pod()).build();
    Map<String, String> labels = new HashMap<>(pod.getMetadata().getLabels());
    labels.put("app.kubernetes.io/name", name(contract));
    labels.put("app.kubernetes.io/instance", contract.value());
    labels.put(MANAGED_BY, US);
    pod.getMetadata().setLabels(labels);
    PodSpec spec = pod.getSpec();
    boolean temporary =
        spec.getContainers().getFirst().getVolumeMounts().stream()
            .noneMatch(mount -> mount.getMountPath().equals("/tmp"));
    var builder =
        new PodTemplateSpecBuilder(pod)
            .editSpec()
            .withRestartPolicy("Never")
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withContainers(containers(spec, name(contract), task, temporary))
            .withInitContainers(spec.getInitContainers().stream().map(JobForm::confined).toList())
            .editOrNewSecurityContext()
            .withRunAsNonRoot(true)
            .withRunAsUser(USER)
            .withRunAsGroup(USER)
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext()
            .addNewVolume()
            .withName(EVENT)
            .withNewSecret()
            .withSecretName(secret)
            .endSecret()
            .endVolume();
    if (temporary) {
      builder = builder.addNewVolume().withName("tmp").withNewEmptyDir().endEmptyDir().endVolume();
    }
    return builder.endSpec().build();
  }

  /** The first is ours; others are the operator's. */
  private List<Container> containers(
      PodSpec spec, String name, QueuedTask task, boolean temporary) {
    var containers = new ArrayList<>(spec.getContainers().stream().map(JobForm::confined).toList());
    Container first = containers.getFirst();
    var ours =
        new ContainerBuilder(first)
            .withName(name)
            .withTerminationMessagePolicy("FallbackToLogsOnError")
            .removeMatchingFromEnv(env -> OURS.contains(env.getName()))
            .addAllToEnv(
                List.of(
                    new EnvVarBuilder()
                        .withName("EVENT_FILE")
                        .withValue(EVENT_FOLDER + "/" + EVENT)
                        .build(),
                    new EnvVarBuilder()
                        .withName("CONTRACT_BUILDER_TIMEOUT")
                        .withValue(limits.job().toSeconds() + "s")
                        .build()))
            .addNewVolumeMount()
            .withName(EVENT)
            .withMountPath(EVENT_FOLDER)
            .withReadOnly(true)
            .endVolumeMount();
    if (!task.formers()) {
      ours.addNewEnv().withName("EVENT_DELIVERY").withValue(task.delivery()).endEnv();
    }
    if (first.getCommand().isEmpty()) {
      ours.withCommand("sh").withArgs("entrypoints/contract_job.sh");
    }
    if (temporary) {
      ours.addNewVolumeMount().withName("tmp").withMountPath("/tmp").endVolumeMount();
    }
    containers.set(0, ours.build());
    return containers;
  }

  /** As the restricted level of pod security asks for it, and more. */
  private static Container confined(Container container) {
    var context =
        new SecurityContextBuilder(
                container.getSecurityContext() == null
                    ? new SecurityContext()
                    : container.getSecurityContext())
            .withRunAsNonRoot(true)
            .withRunAsUser(USER)
            .withPrivileged(null)
            .withAllowPrivilegeEscalation(false)
            .withReadOnlyRootFilesystem(true)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities()
            .build();
    return new ContainerBuilder(container).withSecurityContext(context).build();
  }
}
