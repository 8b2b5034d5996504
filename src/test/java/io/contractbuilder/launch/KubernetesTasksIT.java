package io.contractbuilder.launch;

import static io.contractbuilder.launch.KubeletStatus.ended;
import static io.contractbuilder.launch.KubeletStatus.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a real control plane; the tests say what a kubelet would say. */
class KubernetesTasksIT {
  private static final String CANARY = "canary-9f2c";
  private static final String TEMPLATE =
      "{\"spec\": {\"containers\": [{\"name\": \"x\", \"image\": \"registry/contract-builder:1\"}]}}";

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
    return new LaunchLimits(
        Duration.ofSeconds(30), Duration.ofSeconds(startSeconds), Duration.ofSeconds(60));
  }

  private static KubernetesTasks tasks(LaunchLimits limits) {
    var form = new JobForm(JobTemplate.of(TEMPLATE, "the template"), limits);
    return new KubernetesTasks(plane.cluster(), form, limits, new NoRunner(), new Random());
  }

  private QueuedTask task(int attempts) {
    String event =
        """
        {"version":"1","task_type":"create","id":"%s","secrets":{"token":"%s"}}"""
            .formatted(contract, CANARY);
    return new QueuedTask(
        7,
        new QueuedTask.Hold("worker", 0),
        event.getBytes(StandardCharsets.UTF_8),
        Instant.ofEpochMilli(1234),
        attempts,
        0,
        false);
  }

  private CompletableFuture<Outcome> run(QueuedTask task, LaunchLimits limits) {
    return CompletableFuture.supplyAsync(
        () -> tasks(limits).run(task, JobListener.NONE), processors);
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

  /** Runs nothing. */
  static final class NoRunner implements TaskRunner {
    @Override
    public Outcome run(QueuedTask task, JobListener listener) {
      return new Outcome.Failed("in this process", java.util.List.of(), null);
    }

    @Override
    public void giveUp(QueuedTask task, String reason) {}

    @Override
    public void abort(Thread thread) {}
  }
}
