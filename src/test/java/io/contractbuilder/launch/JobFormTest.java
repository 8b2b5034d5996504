package io.contractbuilder.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobFormTest {
  private static final ContractId CONTRACT = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b31");
  private static final LaunchLimits LIMITS =
      new LaunchLimits(Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ofMinutes(4));

  private static final String TEMPLATE =
      """
      metadata:
        labels: {app.kubernetes.io/part-of: chain, app.kubernetes.io/managed-by: Helm}
        annotations: {iam.amazonaws.com/role: builder}
      spec:
        serviceAccountName: contract-job
        automountServiceAccountToken: true
        nodeSelector: {disk: ssd}
        tolerations: [{key: builds, operator: Exists}]
        imagePullSecrets: [{name: pull}]
        securityContext: {fsGroup: 2000, runAsUser: 0}
        initContainers: [{name: wait, image: r/wait:1}]
        containers:
        - name: any
          image: r/contract-builder:1
          resources: {limits: {memory: 256Mi}}
          securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}
          envFrom: [{configMapRef: {name: chain-configmap}}]
          env:
          - {name: SERVICE, value: contract-job}
          - {name: EVENT, value: mine}
          volumeMounts: [{name: secrets, mountPath: /run/secrets/chain, readOnly: true}]
        - {name: beside, image: r/beside:1}
        volumes: [{name: secrets, secret: {secretName: d-1-secrets}}]
      """;

  private static Job job(String template, boolean formers) {
    var task =
        new QueuedTask(
            7,
            new QueuedTask.Hold("w", 0),
            "{\"secrets\":\"canary\"}".getBytes(UTF_8),
            Instant.ofEpochMilli(5),
            2,
            0,
            formers);
    return new JobForm(JobTemplate.of(template, "it"), LIMITS).job(CONTRACT, task, "the-secret");
  }

  private static PodSpec pod(Job job) {
    return job.getSpec().getTemplate().getSpec();
  }

  @Test
  void takesFromTheTemplateWhatIsTheOperators() {
    Job job = job(TEMPLATE, false);
    PodSpec pod = pod(job);
    Container first = pod.getContainers().getFirst();
    assertThat(pod.getNodeSelector()).containsEntry("disk", "ssd");
    assertThat(pod.getTolerations()).hasSize(1);
    assertThat(pod.getImagePullSecrets()).hasSize(1);
    assertThat(pod.getServiceAccountName()).isEqualTo("contract-job");
    assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(2000);
    assertThat(first.getImage()).isEqualTo("r/contract-builder:1");
    assertThat(first.getResources().getLimits()).containsKey("memory");
    assertThat(first.getEnvFrom()).hasSize(1);
    assertThat(first.getVolumeMounts()).hasSize(3);
    assertThat(job.getSpec().getTemplate().getMetadata().getAnnotations())
        .containsEntry("iam.amazonaws.com/role", "builder");
    assertThat(job.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/part-of", "chain")
        .containsEntry("app.kubernetes.io/instance", CONTRACT.value())
        .containsEntry("app.kubernetes.io/name", "contract-" + CONTRACT)
        .containsEntry("app.kubernetes.io/managed-by", "contract-builder");
  }

  @Test
  void confinesEveryContainerWhateverTheTemplateSays() {
    PodSpec pod = pod(job(TEMPLATE, false));
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getEnableServiceLinks()).isFalse();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(1000);
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getContainers()).hasSize(2);
    assertThat(pod.getContainers()).allSatisfy(JobFormTest::isConfined);
    assertThat(pod.getInitContainers()).hasSize(1).allSatisfy(JobFormTest::isConfined);
  }

  private static void isConfined(Container container) {
    var context = container.getSecurityContext();
    assertThat(context.getPrivileged()).isNull();
    assertThat(context.getRunAsUser()).isEqualTo(1000);
    assertThat(context.getRunAsNonRoot()).isTrue();
    assertThat(context.getAllowPrivilegeEscalation()).isFalse();
    assertThat(context.getReadOnlyRootFilesystem()).isTrue();
    assertThat(context.getCapabilities().getAdd()).isEmpty();
    assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
  }

  @Test
  void runsTheJobsCommandOnTheEventsFile() {
    Container first = pod(job(TEMPLATE, false)).getContainers().getFirst();
    assertThat(first.getName()).isEqualTo("contract-" + CONTRACT);
    assertThat(first.getCommand()).containsExactly("sh");
    assertThat(first.getArgs()).containsExactly("entrypoints/contract_job.sh");
    assertThat(first.getEnv())
        .containsExactly(
            new EnvVar("SERVICE", "contract-job", null),
            new EnvVar("EVENT_FILE", "/run/contract-event/event", null),
            new EnvVar("CONTRACT_BUILDER_TIMEOUT", "600s", null),
            new EnvVar("EVENT_DELIVERY", "5-7", null));
    assertThat(first.getTerminationMessagePolicy()).isEqualTo("FallbackToLogsOnError");
  }

  @Test
  void aTaskThatTheFormerProcessorLeftMayHaveBeenDoneByAnother() {
    assertThat(pod(job(TEMPLATE, true)).getContainers().getFirst().getEnv())
        .extracting(EnvVar::getName)
        .doesNotContain("EVENT_DELIVERY");
  }

  @Test
  void endsByItself() {
    Job job = job(TEMPLATE, false);
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(16 * 60);
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(4 * 60);
    assertThat(pod(job).getRestartPolicy()).isEqualTo("Never");
  }

  @Test
  void nothingOfTheEventStandsInIt() {
    assertThat(Serialization.asJson(job(TEMPLATE, false))).doesNotContain("canary", "mine");
  }

  @Test
  void aTemplateNeedsAnImageOnly() {
    Job job = job("{\"spec\":{\"containers\":[{\"image\":\"r/x:1\"}]}}", false);
    assertThat(pod(job).getContainers().getFirst().getImage()).isEqualTo("r/x:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no template",
        "[1]",
        "{}",
        "{\"spec\":{}}",
        "{\"spec\":{\"containers\":[]}}",
        "{\"spec\":{\"containers\":[{\"name\":\"x\"}]}}",
        "spec: {containers: [",
      })
  void refusesATemplateThatIsNone(String text) {
    assertThatThrownBy(() -> JobTemplate.of(text, "/run/pod.yaml"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("CONTRACT_BUILDER_JOB_TEMPLATE: found /run/pod.yaml");
  }

  @Test
  void refusesATemplateThatIsNotThere() {
    assertThatThrownBy(() -> JobTemplate.read(Path.of("/nonexistent/pod.yaml")))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("cannot be read (NoSuchFileException)");
  }
}
