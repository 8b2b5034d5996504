package io.contractbuilder.launch;

import static io.contractbuilder.launch.ControlPlane.await;
import static io.contractbuilder.launch.LaunchedTask.end;
import static io.contractbuilder.launch.LaunchedTask.later;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.job.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of Jobs whose pods a real kubelet runs. */
@Tag("kubernetes")
class JobsOnNodeIT {
  private static final String SLEEPS = "sleep 3600";

  private static ControlPlane plane;

  private LaunchedTask task;
  private String name;

  @BeforeAll
  static void start() {
    Node.registry();
    plane = new ControlPlane();
  }

  @BeforeEach
  void begin() {
    task = LaunchedTask.of(plane, "");
    name = task.name();
  }

  @AfterAll
  static void stop() {
    if (plane != null) {
      plane.close();
    }
  }

  private LaunchedTask task(String image, String script) {
    return task.withTemplate(
        """
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: x
            image: 127.0.0.1:5000/%s
            command: [sh, -c, "%s"]
            resources: {limits: {memory: 24Mi}}
        """
            .formatted(image, script));
  }

  private CompletableFuture<Outcome> run(String script) {
    return task("busybox:1", script).run();
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
    assertThat(end(run)).isEqualTo(new Outcome.Failed("1000 sees event", List.of(), null));
  }

  @Test
  void aPodThatIsFasterThanItsEventWaitsForIt() throws Exception {
    LaunchedTask late = task("busybox:1", "cat $EVENT_FILE");
    Job job = late.leave(name + "-late");
    Pod pod = plane.pod(job);
    await(
        "the kubelet misses the Secret",
        () ->
            plane.cluster().events(pod.getMetadata().getUid()).stream()
                .anyMatch(event -> "FailedMount".equals(event.getReason())));
    assertThat(end(late.run())).isInstanceOf(Outcome.Done.class);
    assertThat(plane.pods(job)).hasSize(1);
  }

  @Test
  void outOfMemoryIsSaid() throws Exception {
    assertThat(later(run("a=x; while true; do a=$a$a$a; done")))
        .contains(name, "BackoffLimitExceeded", "OOMKilled");
  }

  @Test
  void aProgramThatIsKilledIsGivenOneMorePod() throws Exception {
    var run = run(SLEEPS);
    Job job = plane.job(name);
    Pod first = runningAfter(job, List.of());
    Node.kill(first);
    Pod second = runningAfter(job, List.of(first));
    assertThat(run).isNotDone();
    Node.kill(second);
    assertThat(later(run)).contains(name, "BackoffLimitExceeded", "exit code 137");
  }

  @Test
  void anEvictionDoesNotCountAndADeletedPodDoes() throws Exception {
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
    assertThat(later(task("nothing:1", "true").withStartLimit(6).run()))
        .contains(name, "did not start within 6 s", "127.0.0.1:5000/nothing:1");
    assertThat(plane.isGone(name)).isTrue();
  }

  @Test
  void aVolumeThatIsNotThereIsNamed() throws Exception {
    String template =
        """
        spec:
          containers:
          - {name: x, image: "127.0.0.1:5000/busybox:1", volumeMounts: [{name: gone, mountPath: /gone}]}
          volumes:
          - {name: gone, secret: {secretName: not-there}}
        """;
    assertThat(later(task.withTemplate(template).withStartLimit(6).run()))
        .contains(name, "did not start within 6 s", "secret \"not-there\" not found");
    assertThat(plane.isGone(name)).isTrue();
  }
}
