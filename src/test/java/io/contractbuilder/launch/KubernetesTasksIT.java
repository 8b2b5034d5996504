package io.contractbuilder.launch;

import static io.contractbuilder.launch.KubeletStatus.ended;
import static io.contractbuilder.launch.KubeletStatus.evicted;
import static io.contractbuilder.launch.KubeletStatus.running;
import static io.contractbuilder.launch.KubeletStatus.waiting;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a real control plane; the tests say what a kubelet would say. */
@Tag("kubernetes")
class KubernetesTasksIT {
  private static final String CANARY = "canary-9f2c";

  /** No node takes its pods, so that no kubelet contradicts. */
  static final String TEMPLATE =
      """
      {"spec": {"containers": [{"name": "x", "image": "registry/contract-builder:1"}],
        "nodeSelector": {"kubelet": "played"}}}""";

  private static final Duration KEEP = Duration.ofSeconds(60);

  private static ControlPlane plane;
  private static ExecutorService processors;

  private final ContractId contract = ContractId.random(new Random());
  private final String name = "contract-" + contract;

  @BeforeAll
  static void start() {
    plane = new ControlPlane();
    processors = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
  }

  @AfterAll
  static void stop() {
    if (plane != null) {
      plane.close();
      processors.shutdownNow();
    }
  }

  private static LaunchLimits limits(int startSeconds) {
    return new LaunchLimits(Duration.ofSeconds(30), Duration.ofSeconds(startSeconds), KEEP);
  }

  private static KubernetesTasks tasks(LaunchLimits limits, String template) {
    var form = new JobForm(JobTemplate.of(template, "the template"), limits);
    return new KubernetesTasks(plane.cluster(), form, limits, new NoRunner(), new Random());
  }

  private QueuedTask delivered(long number) {
    QueuedTask task = task(0);
    return new QueuedTask(number, task.hold(), task.event(), task.arrived(), 0, 0, false);
  }

  private QueuedTask task(int attempts) {
    String event =
        """
        {"version":"1","task_type":"create","id":"%s","secrets":{"token":"%s"}}"""
            .formatted(contract, CANARY);
    return new QueuedTask(
        7,
        new QueuedTask.Hold("worker", 0),
        event.getBytes(UTF_8),
        Instant.ofEpochMilli(1234),
        attempts,
        0,
        false);
  }

  private CompletableFuture<Outcome> run(QueuedTask task, LaunchLimits limits) {
    return run(task, limits, TEMPLATE);
  }

  private CompletableFuture<Outcome> run(QueuedTask task, LaunchLimits limits, String template) {
    return CompletableFuture.supplyAsync(
        () -> tasks(limits, template).run(task, JobListener.NONE), processors);
  }

  private CompletableFuture<Outcome> run() {
    return run(task(0), limits(60));
  }

  private static Outcome end(CompletableFuture<Outcome> run) throws Exception {
    return run.get(60, TimeUnit.SECONDS);
  }

  @Test
  void aPodThatSucceedsEndsTheTask() throws Exception {
    var run = run();
    Job job = plane.job(name);
    Pod pod = plane.pod(job);
    plane.say(pod, running(pod));
    plane.say(pod, ended(pod, 0, "Completed", null));
    assertThat(end(run)).isInstanceOf(Outcome.Done.class);
  }

  private static Outcome.Retry retry(CompletableFuture<Outcome> run) throws Exception {
    return assertThat(end(run))
        .asInstanceOf(InstanceOfAssertFactories.type(Outcome.Retry.class))
        .actual();
  }

  @Test
  void theEventStandsInNothingButItsSecret() throws Exception {
    var run = run();
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
    var run = run();
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
    var run = run();
    Job job = plane.job(name);
    Pod first = plane.pod(job);
    String log = "{\"level\":\"error\",\"message\":\"gateway: no answer\"}";
    plane.say(first, ended(first, 3, "Error", log));
    Pod second = plane.podAfter(job, first);
    plane.say(second, ended(second, 3, "Error", log));
    assertThat(retry(run).reason()).isEqualTo("gateway: no answer");
  }

  @Test
  void aPodOutOfMemorySaysSo() throws Exception {
    var run = run();
    Job job = plane.job(name);
    Pod first = plane.pod(job);
    plane.say(first, ended(first, 137, "OOMKilled", null));
    Pod second = plane.podAfter(job, first);
    plane.say(second, ended(second, 137, "OOMKilled", null));
    assertThat(retry(run).reason())
        .contains(name, "BackoffLimitExceeded", "OOMKilled", "raise the memory limit");
  }

  @Test
  void anEvictedPodDoesNotCount() throws Exception {
    var run = run();
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
    var run = run();
    Job job = plane.job(name);
    Pod pod = plane.pod(job);
    plane.say(pod, running(pod));
    plane.client.batch().v1().jobs().inNamespace(plane.namespace).withName(name).delete();
    assertThat(retry(run).reason()).contains("Somebody deleted Job " + name);
  }

  @Test
  void aJobPastItsDeadlineIsTriedAgain() throws Exception {
    var limits = new LaunchLimits(Duration.ofSeconds(1), Duration.ofSeconds(60), KEEP);
    var run = run(task(0), limits);
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
    assertThat(retry(run).reason()).contains(name, "did not end within 1 s");
  }

  @Test
  void aPodThatNoNodeTakesSaysWhy() throws Exception {
    var run = run(task(0), limits(3));
    assertThat(retry(run).reason())
        .contains(name, "did not start within 3 s", "its pod finds no node")
        .containsPattern("no nodes available|0/1 nodes are available");
    assertThat(plane.isGone(name)).isTrue();
  }

  @Test
  void aPodThatAdmissionRefusesIsNotTriedAgain() throws Exception {
    String open = TEMPLATE.replace("{\"containers\"", "{\"hostNetwork\": true, \"containers\"");
    var run = run(task(0), limits(60), open);
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
    assertThatThrownBy(() -> end(run(task(0), limits(60), wrong)))
        .cause()
        .isInstanceOfSatisfying(
            KubernetesFailure.class, failure -> assertThat(failure.retryHelps()).isFalse())
        .hasMessageContainingAll("422", "dnsPolicy", "Check CONTRACT_BUILDER_JOB_TEMPLATE");
  }

  @Test
  void anImageThatCannotBePulledSaysWhy() throws Exception {
    var run = run(task(0), limits(5));
    Pod pod = plane.pod(plane.job(name));
    plane.say(pod, waiting(pod, "ImagePullBackOff", "Back-off pulling image r/x:1"));
    assertThat(retry(run).reason()).contains("ImagePullBackOff", "Back-off pulling image r/x:1");
  }

  @Test
  void aJobThatAnotherProcessorBeganIsAdopted() throws Exception {
    var first = run();
    Job job = plane.job(name);
    var second = run();
    Pod pod = plane.pod(job);
    plane.say(pod, ended(pod, 0, "Completed", null));
    assertThat(end(first)).isInstanceOf(Outcome.Done.class);
    assertThat(end(second)).isInstanceOf(Outcome.Done.class);
    assertThat(plane.pods(job)).hasSize(1);
  }

  @Test
  void aJobWithoutItsSecretIsGivenItByWhoeverAdoptsIt() throws Exception {
    var form = new JobForm(JobTemplate.of(TEMPLATE, "the template"), limits(60));
    plane.cluster().create(form.job(contract, task(0), name + "-begun"));
    var run = run();
    ControlPlane.await(
        "the Secret",
        () -> plane.client.secrets().inNamespace(plane.namespace).withName(name + "-begun").get());
    Pod pod = plane.pod(plane.job(name));
    plane.say(pod, ended(pod, 0, "Completed", null));
    assertThat(end(run)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void anotherTasksJobIsWaitedForAndReplaced() throws Exception {
    var form = new JobForm(JobTemplate.of(TEMPLATE, "the template"), limits(60));
    plane.cluster().create(form.job(contract, task(0), name + "-earlier"));
    Job job = plane.job(name);
    Pod pod = plane.pod(job);
    var later = run(delivered(8), limits(60));
    plane.say(pod, ended(pod, 1, "Error", null));
    Job next = plane.jobAfter(job);
    Pod nextPod = plane.pod(next);
    plane.say(nextPod, ended(nextPod, 0, "Completed", null));
    assertThat(end(later)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aTaskThatNamesNoContractNeedsNoJob() {
    var nameless =
        new QueuedTask(
            9, new QueuedTask.Hold("w", 0), "{}".getBytes(UTF_8), Instant.EPOCH, 0, 0, false);
    assertThat(tasks(limits(60), TEMPLATE).run(nameless, JobListener.NONE))
        .isEqualTo(new Outcome.Failed("in this process", List.of(), null));
  }

  /** Runs nothing. */
  static final class NoRunner implements TaskRunner {
    @Override
    public Outcome run(QueuedTask task, JobListener listener) {
      return new Outcome.Failed("in this process", List.of(), null);
    }

    @Override
    public void giveUp(QueuedTask task, String reason) {}

    @Override
    public void abort(Thread thread) {}
  }
}
