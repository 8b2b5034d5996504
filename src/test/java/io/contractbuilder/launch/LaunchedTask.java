package io.contractbuilder.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.QueuedTask;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;

/**
 * A contract's task, which processors have done by a Job.
 *
 * @param number the queue's, by which equal tasks are told apart
 */
record LaunchedTask(
    ControlPlane plane,
    ContractId contract,
    String template,
    LaunchLimits limits,
    long number,
    int attempts) {
  /** A secret of the event. */
  static final String CANARY = "canary-9f2c";

  private static final int START_SECONDS = 60;
  private static final Duration JOB = Duration.ofSeconds(30);
  private static final Duration KEEP = Duration.ofSeconds(60);
  private static final long PATIENCE_SECONDS = 90;

  /** Of a contract of its own. */
  static LaunchedTask of(ControlPlane plane, String template) {
    return new LaunchedTask(
        plane, ContractId.random(new Random()), template, limits(START_SECONDS), 7, 0);
  }

  private static LaunchLimits limits(int startSeconds) {
    return new LaunchLimits(JOB, Duration.ofSeconds(startSeconds), KEEP);
  }

  LaunchedTask withTemplate(String other) {
    return new LaunchedTask(plane, contract, other, limits, number, attempts);
  }

  LaunchedTask withStartLimit(int seconds) {
    return new LaunchedTask(plane, contract, template, limits(seconds), number, attempts);
  }

  /** The contract's next task. */
  LaunchedTask next() {
    return new LaunchedTask(plane, contract, template, limits, number + 1, attempts);
  }

  /** The same task, tried once more. */
  LaunchedTask again() {
    return new LaunchedTask(plane, contract, template, limits, number, attempts + 1);
  }

  /** The Job's. */
  String name() {
    return "contract-" + contract;
  }

  QueuedTask task() {
    String event =
        """
        {"version":"1","task_type":"create","id":"%s","secrets":{"token":"%s"}}"""
            .formatted(contract, CANARY);
    return new QueuedTask(
        number,
        new QueuedTask.Hold("worker", 0),
        event.getBytes(UTF_8),
        Instant.ofEpochMilli(1234),
        attempts,
        0,
        false);
  }

  /** A processor that can do what the cluster's user may. */
  KubernetesTasks processor(Cluster cluster) {
    var form = new JobForm(JobTemplate.of(template, "the template"), limits);
    return new KubernetesTasks(cluster, form, limits, new NoRunner(), new Random());
  }

  /** Begins it in another thread. */
  CompletableFuture<Outcome> run() {
    return run(plane.cluster());
  }

  /** The same by a processor that can do what the cluster's user may. */
  CompletableFuture<Outcome> run(Cluster cluster) {
    return CompletableFuture.supplyAsync(
        () -> processor(cluster).run(task(), JobListener.NONE),
        begun -> Thread.ofPlatform().daemon().start(begun));
  }

  /** Leaves its Job without its Secret, as a processor does that is killed between the two. */
  Job leave(String secret) {
    var form = new JobForm(JobTemplate.of(template, "the template"), limits);
    Job job = plane.cluster().create(form.job(contract, task(), secret));
    assertThat(job).isNotNull();
    return job;
  }

  static Outcome end(CompletableFuture<Outcome> run) throws Exception {
    return run.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Why it is tried again later. */
  static String later(CompletableFuture<Outcome> run) throws Exception {
    return assertThat(end(run))
        .asInstanceOf(InstanceOfAssertFactories.type(Outcome.Retry.class))
        .actual()
        .reason();
  }

  /** Runs nothing. */
  private static final class NoRunner implements TaskRunner {
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
