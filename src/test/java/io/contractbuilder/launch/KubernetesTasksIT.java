package io.contractbuilder.launch;

import static io.contractbuilder.launch.KubeletStatus.ended;
import static io.contractbuilder.launch.KubeletStatus.evicted;
import static io.contractbuilder.launch.KubeletStatus.running;
import static io.contractbuilder.launch.KubeletStatus.waiting;
import static io.contractbuilder.launch.LaunchedTask.CANARY;
import static io.contractbuilder.launch.LaunchedTask.end;
import static io.contractbuilder.launch.LaunchedTask.later;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a real control plane; the tests say what a kubelet would say. */
@Tag("kubernetes")
class KubernetesTasksIT {
  /** No node takes its pods, so that no kubelet contradicts. */
  static final String TEMPLATE =
      """
      {"spec": {"containers": [{"name": "x", "image": "registry/contract-builder:1"}],
        "nodeSelector": {"kubelet": "played"}}}""";

  private static ControlPlane plane;

  private LaunchedTask task;
  private String name;

  @BeforeAll
  static void start() {
    plane = new ControlPlane();
  }

  @BeforeEach
  void begin() {
    task = LaunchedTask.of(plane, TEMPLATE);
    name = task.name();
  }

  @AfterAll
  static void stop() {
    if (plane != null) {
      plane.close();
    }
  }

  @Test
  void aPodThatSucceedsEndsTheTask() throws Exception {
    var run = task.run();
    Job job = plane.job(name);
    Pod pod = plane.pod(job);
    plane.say(pod, running(pod));
    plane.say(pod, ended(pod, 0, "Completed", null));
    assertThat(end(run)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void theEventStandsInNothingButItsSecret() throws Exception {
    var run = task.run();
    Job job = plane.job(name);
    Pod pod = plane.pod(job);
    Secret secret =
        ControlPlane.await(
            "the Secret",
            () ->
                plane
                    .client
                    .secrets()
                    .inNamespace(plane.namespace)
                    .withName(JobForm.secretName(job))
                    .get());
    assertThat(new String(Base64.getDecoder().decode(secret.getData().get("event")), UTF_8))
        .contains(CANARY);
    assertThat(secret.getMetadata().getOwnerReferences())
        .extracting(OwnerReference::getUid)
        .containsExactly(job.getMetadata().getUid());
    plane.say(pod, ended(pod, 0, "Completed", null));
    end(run);
    assertThat(plane.everything()).contains(name).doesNotContain(CANARY);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void whatWouldFailAgainIsNotTriedAgain(int code) throws Exception {
    var run = task.run();
    Pod pod = plane.pod(plane.job(name));
    String log =
        "{\"level\":\"info\",\"message\":\"begun\"}\n"
            + "{\"level\":\"error\",\"message\":\"registry r:5000: no such image\"}";
    plane.say(pod, ended(pod, code, "Error", log));
    assertThat(end(run))
        .isEqualTo(new Outcome.Failed("registry r:5000: no such image", List.of(), null));
  }

  @Test
  void whatMayGoWellIsGivenOneMorePodAndIsThenTriedAgainLater() throws Exception {
    var run = task.run();
    Job job = plane.job(name);
    Pod first = plane.pod(job);
    String log = "{\"level\":\"error\",\"message\":\"gateway: no answer\"}";
    plane.say(first, ended(first, 3, "Error", log));
    Pod second = plane.podAfter(job, first);
    plane.say(second, ended(second, 3, "Error", log));
    assertThat(later(run)).isEqualTo("gateway: no answer");
  }

  @Test
  void aPodOutOfMemorySaysSo() throws Exception {
    var run = task.run();
    Job job = plane.job(name);
    Pod first = plane.pod(job);
    plane.say(first, ended(first, 137, "OOMKilled", null));
    Pod second = plane.podAfter(job, first);
    plane.say(second, ended(second, 137, "OOMKilled", null));
    assertThat(later(run))
        .contains(name, "BackoffLimitExceeded", "OOMKilled", "raise the memory limit");
  }

  @Test
  void anEvictedPodDoesNotCount() throws Exception {
    var run = task.run();
    Job job = plane.job(name);
    Pod pod = plane.pod(job);
    plane.say(pod, evicted("The node was low on resource: memory"));
    Pod next = plane.podAfter(job, pod);
    // It still has the one more that a failed pod gets.
    plane.say(next, ended(next, 137, "Error", null));
    Pod last = plane.podAfter(job, next);
    plane.say(last, ended(last, 0, "Completed", null));
    assertThat(end(run)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aJobDeletedByHandIsTriedAgain() throws Exception {
    var run = task.run();
    Job job = plane.job(name);
    Pod pod = plane.pod(job);
    plane.say(pod, running(pod));
    plane.client.batch().v1().jobs().inNamespace(plane.namespace).withName(name).delete();
    assertThat(later(run)).contains("Somebody deleted Job " + name);
  }

  @Test
  void aJobPastItsDeadlineIsTriedAgain() throws Exception {
    var run = task.run();
    Job job = plane.job(name);
    Pod pod = plane.pod(job);
    plane.say(pod, running(pod));
    plane
        .client
        .batch()
        .v1()
        .jobs()
        .inNamespace(plane.namespace)
        .withName(name)
        .edit(
            now -> {
              now.getSpec().setActiveDeadlineSeconds(1L);
              return now;
            });
    plane.goAway(pod);
    assertThat(later(run)).contains(name, "did not end within 1 s");
  }

  @Test
  void aPodThatNoNodeTakesSaysWhy() throws Exception {
    var run = task.withStartLimit(3).run();
    assertThat(later(run))
        .contains(name, "did not start within 3 s", "its pod finds no node")
        .containsPattern("no nodes available|0/1 nodes are available");
    assertThat(plane.isGone(name)).isTrue();
  }

  @Test
  void aQuotaThatIsUsedUpIsNoRefusal() throws Exception {
    try (var full = new ControlPlane()) {
      full.client
          .resource(
              """
              {"apiVersion": "v1", "kind": "ResourceQuota",
               "metadata": {"name": "full", "namespace": "%s"}, "spec": {"hard": {"pods": "0"}}}"""
                  .formatted(full.namespace))
          .create();
      LaunchedTask waits = LaunchedTask.of(full, TEMPLATE).withStartLimit(5);
      assertThat(later(waits.run()))
          .contains(waits.name(), "did not start within 5 s", "no pod could be made", "quota");
      assertThat(full.isGone(waits.name())).isTrue();
    }
  }

  @Test
  void aPodThatAdmissionRefusesIsNotTriedAgain() throws Exception {
    String open = TEMPLATE.replace("{\"containers\"", "{\"hostNetwork\": true, \"containers\"");
    var run = task.withTemplate(open).run();
    assertThat(end(run))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.reason())
                    .contains(name + " gets no pod", "violates PodSecurity", "hostNetwork"));
    assertThat(plane.isGone(name)).isTrue();
  }

  @Test
  void aTemplateThatMakesNoValidJobIsNotTriedAgain() {
    String wrong = TEMPLATE.replace("{\"containers\"", "{\"dnsPolicy\": \"odd\", \"containers\"");
    assertThatThrownBy(() -> end(task.withTemplate(wrong).run()))
        .cause()
        .isInstanceOfSatisfying(
            KubernetesFailure.class, failure -> assertThat(failure.retryHelps()).isFalse())
        .hasMessageContainingAll("422", "dnsPolicy", "Check CONTRACT_BUILDER_JOB_TEMPLATE");
  }

  @Test
  void anImageThatCannotBePulledSaysWhy() throws Exception {
    var run = task.withStartLimit(5).run();
    Pod pod = plane.pod(plane.job(name));
    plane.say(pod, waiting(pod, "ImagePullBackOff", "Back-off pulling image r/x:1"));
    assertThat(later(run)).contains("ImagePullBackOff", "Back-off pulling image r/x:1");
  }

  @Test
  void aJobThatAnotherProcessorBeganIsAdopted() throws Exception {
    var first = task.run();
    Job job = plane.job(name);
    var second = task.run();
    Pod pod = plane.pod(job);
    plane.say(pod, ended(pod, 0, "Completed", null));
    assertThat(end(first)).isInstanceOf(Outcome.Done.class);
    assertThat(end(second)).isInstanceOf(Outcome.Done.class);
    assertThat(plane.pods(job)).hasSize(1);
  }

  /** All but one are answered by 409, or find what another one has just made. */
  @Test
  void ofManyProcessorsAtOnceOneMakesTheJobAndTheOthersAdoptIt() throws Exception {
    var runs = Stream.generate(task::run).limit(6).toList();
    Job job = plane.job(name);
    Pod pod = plane.pod(job);
    plane.say(pod, ended(pod, 0, "Completed", null));
    for (var run : runs) {
      assertThat(end(run)).isInstanceOf(Outcome.Done.class);
    }
    assertThat(plane.job(name).getMetadata().getUid()).isEqualTo(job.getMetadata().getUid());
    assertThat(plane.pods(job)).hasSize(1);
  }

  @Test
  void whatIsThereAlreadyIsNoFailure() {
    Job job = task.leave(name + "-there");
    Cluster cluster = plane.cluster();
    var form = new JobForm(JobTemplate.of(TEMPLATE, "the template"), task.limits());
    assertThat(cluster.create(form.job(task.contract(), task.task(), name + "-other"))).isNull();
    cluster.create(JobForm.secret(job, task.task().event()));
    cluster.create(JobForm.secret(job, task.task().event()));
    cluster.delete(job);
    assertThat(plane.isGone(name)).isTrue();
    Job next = task.leave(name + "-next");
    // By its own id: the other that has its name by now stays.
    cluster.delete(job);
    assertThat(plane.job(name).getMetadata().getUid()).isEqualTo(next.getMetadata().getUid());
  }

  @Test
  void aJobWithoutItsSecretIsGivenItByWhoeverAdoptsIt() throws Exception {
    task.leave(name + "-begun");
    var run = task.run();
    ControlPlane.await(
        "the Secret",
        () -> plane.client.secrets().inNamespace(plane.namespace).withName(name + "-begun").get());
    Pod pod = plane.pod(plane.job(name));
    plane.say(pod, ended(pod, 0, "Completed", null));
    assertThat(end(run)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void anotherTasksJobIsWaitedForAndReplaced() throws Exception {
    Job job = task.leave(name + "-earlier");
    Pod pod = plane.pod(job);
    var second = task.next().run();
    plane.say(pod, ended(pod, 1, "Error", null));
    Job next = plane.jobAfter(job);
    Pod nextPod = plane.pod(next);
    plane.say(nextPod, ended(nextPod, 0, "Completed", null));
    assertThat(end(second)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "CONTRACT_BUILDER_VERIFY",
      matches = "long",
      disabledReason = "the shortest deadline is a minute")
  void aJobThatDoesNotEndIsWaitedForUntilTheDeadline() throws Exception {
    var second = Duration.ofSeconds(1);
    var limits = new LaunchLimits(second, second, second);
    Job job = task.leave(name + "-earlier");
    var next = new LaunchedTask(plane, task.contract(), TEMPLATE, limits, 8, 0);
    assertThat(later(next.run())).contains("Another Job " + name, "did not end within 62 s");
    assertThat(plane.job(name).getMetadata().getUid()).isEqualTo(job.getMetadata().getUid());
  }

  @Test
  void aTaskThatNamesNoContractNeedsNoJob() {
    var nameless =
        new QueuedTask(
            9, new QueuedTask.Hold("w", 0), "{}".getBytes(UTF_8), Instant.EPOCH, 0, 0, false);
    assertThat(task.processor(plane.cluster()).run(nameless, JobListener.NONE))
        .isEqualTo(new Outcome.Failed("in this process", List.of(), null));
  }
}
