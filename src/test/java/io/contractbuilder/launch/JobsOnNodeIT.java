package io.contractbuilder.launch;

import static io.contractbuilder.launch.ControlPlane.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of Jobs whose pods a real kubelet runs. */
@Tag("kubernetes")
class JobsOnNodeIT {
  private static final String SLEEPS = "sleep 3600";

  private static ControlPlane plane;
  private static ExecutorService processors;

  private final ContractId contract = ContractId.random(new Random());
  private final String name = "contract-" + contract;

  @BeforeAll
  static void start() {
    Relay.registry();
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
    return new LaunchLimits(
        Duration.ofSeconds(30), Duration.ofSeconds(startSeconds), Duration.ofSeconds(60));
  }

  private static JobForm form(String image, String script, int startSeconds) {
    String template =
        """
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: x
            image: 127.0.0.1:5000/%s
            command: [sh, -c, "%s"]
            resources: {limits: {memory: 24Mi}}
        """
            .formatted(image, script);
    return new JobForm(JobTemplate.of(template, "the template"), limits(startSeconds));
  }

  private QueuedTask task() {
    String event = "{\"version\":\"1\",\"task_type\":\"create\",\"id\":\"" + contract + "\"}";
    return new QueuedTask(
        7,
        new QueuedTask.Hold("worker", 0),
        event.getBytes(UTF_8),
        Instant.ofEpochMilli(1234),
        0,
        0,
        false);
  }

  private CompletableFuture<Outcome> run(String script) {
    return run(form("busybox:1", script, 60), 60);
  }

  private CompletableFuture<Outcome> run(JobForm form, int startSeconds) {
    var tasks =
        new KubernetesTasks(
            plane.cluster(),
            form,
            limits(startSeconds),
            new KubernetesTasksIT.NoRunner(),
            new Random());
    return CompletableFuture.supplyAsync(() -> tasks.run(task(), JobListener.NONE), processors);
  }

  private static String later(CompletableFuture<Outcome> run) throws Exception {
    Outcome outcome = run.get(60, TimeUnit.SECONDS);
    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    return ((Outcome.Retry) outcome).reason();
  }

  private Pod runningAfter(Job job, List<Pod> before) {
    return await(
        "a pod that runs",
        () ->
            plane.pods(job).stream()
                .filter(pod -> pod.getStatus().getPhase().equals("Running"))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(
                    pod ->
                        before.stream()
                            .noneMatch(
                                one ->
                                    one.getMetadata().getUid().equals(pod.getMetadata().getUid())))
                .findFirst()
                .orElse(null));
  }

  @Test
  void itsLastWordsAreTheReasonAndItIsConfined() throws Exception {
    var run = run("touch /x || echo $(id -u) sees $(ls /run/contract-event); exit 2");
    assertThat(run.get(60, TimeUnit.SECONDS))
        .isEqualTo(new Outcome.Failed("1000 sees event", List.of(), null));
  }

  @Test
  void aPodThatIsFasterThanItsEventWaitsForIt() throws Exception {
    JobForm form = form("busybox:1", "cat $EVENT_FILE", 60);
    Job job = plane.cluster().create(form.job(contract, task(), name + "-late"));
    assertThat(job).isNotNull();
    Pod pod = plane.pod(job);
    await(
        "the kubelet misses the Secret",
        () ->
            plane.cluster().events(pod.getMetadata().getUid()).stream()
                .anyMatch(event -> "FailedMount".equals(event.getReason())));
    assertThat(run(form, 60).get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
    assertThat(plane.pods(job)).hasSize(1);
  }

  @Test
  void outOfMemoryIsSaid() throws Exception {
    assertThat(later(run("a=x; while true; do a=$a$a$a; done")))
        .contains(name, "BackoffLimitExceeded", "OOMKilled");
  }

  @Test
  void anEvictionDoesNotCountAndAKillDoes() throws Exception {
    var run = run(SLEEPS);
    Job job = plane.job(name);
    Pod evicted = runningAfter(job, List.of());
    assertThat(plane.client.pods().resource(evicted).evict()).isTrue();
    Pod killed = runningAfter(job, List.of(evicted));
    plane.client.pods().resource(killed).delete();
    Pod last = runningAfter(job, List.of(evicted, killed));
    assertThat(run).isNotDone();
    plane.client.pods().resource(last).delete();
    assertThat(later(run)).contains(name, "BackoffLimitExceeded");
  }

  @Test
  void aJobPastItsDeadlineIsTriedAgain() throws Exception {
    var run = run(SLEEPS);
    Job job = plane.job(name);
    runningAfter(job, List.of());
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
    assertThat(later(run)).contains(name, "did not end within 1 s");
  }

  @Test
  void anImageThatIsNotThereIsNamed() throws Exception {
    assertThat(later(run(form("nothing:1", "true", 6), 6)))
        .contains(name, "did not start within 6 s", "127.0.0.1:5000/nothing:1");
    assertThat(plane.isGone(name)).isTrue();
  }
}
