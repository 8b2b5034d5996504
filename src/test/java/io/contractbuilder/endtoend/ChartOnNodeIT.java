package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.InstalledChart.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.json.Json;
import io.contractbuilder.launch.ControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart, installed by Helm: its processor and the Jobs that it makes run the program's own
 * image; Redis, registry and storage are real, and contracts' functions run.
 */
@Tag("kubernetes")
@NeedsRoot
class ChartOnNodeIT {
  private static final Map<String, String> RESOURCES =
      Map.of(
          "jobs", "batch",
          "cronjobs", "batch",
          "deployments", "apps",
          "pods", "",
          "events", "",
          "secrets", "",
          "configmaps", "",
          "serviceaccounts", "",
          "roles", "rbac.authorization.k8s.io");

  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("Deployment", "apps/v1"),
          Map.entry("ReplicaSet", "apps/v1"),
          Map.entry("Job", "batch/v1"),
          Map.entry("Pod", "v1"),
          Map.entry("Service", "v1"),
          Map.entry("ServiceAccount", "v1"),
          Map.entry("ConfigMap", "v1"),
          Map.entry("Secret", "v1"),
          Map.entry("Role", "rbac.authorization.k8s.io/v1"),
          Map.entry("RoleBinding", "rbac.authorization.k8s.io/v1"),
          Map.entry("NetworkPolicy", "networking.k8s.io/v1"),
          Map.entry("PodDisruptionBudget", "policy/v1"));

  private static final List<String> BEFORE =
      List.of(
          "ServiceAccount default",
          "ConfigMap kube-root-ca.crt",
          "ConfigMap d-1-configmap",
          "Secret chain",
          "Secret gateway",
          "Secret aws",
          "Secret page",
          "Secret registry");

  @TempDir private Path folder;
  private final String id = UUID.randomUUID().toString();
  private final StringBuilder seen = new StringBuilder();
  private InstalledChart chart;
  private Webserver webserver;

  @BeforeEach
  void start() throws Exception {
    chart = new InstalledChart(folder);
    webserver = new Webserver(chart.bench, Storage.S3, id, "charted");
    webserver.startChain();
  }

  @AfterEach
  void stop() throws Exception {
    if (chart != null) {
      chart.close();
    }
  }

  @Test
  void itsProcessorHasJobsCreateUpdateAndDeleteAContractAndNothingIsLeft() throws Exception {
    chart.install();
    Pod processor = runsTheImage();
    mayDoNoMoreThanItsRoleSays();
    var canaries = new ChainCanaries(chart.bench);

    done(webserver.create(event -> fields(event, "one", ChainCanaries.SECRET)));
    assertThat(greeting()).isEqualTo("one");
    assertThat(webserver.state()).isEqualTo("active");

    update(processor);
    assertThat(greeting()).isEqualTo("two");

    done(webserver.delete());
    assertThat(chart.bench.onGateway("function")).isEmpty();
    assertThat(chart.bench.onGateway("secret")).isEmpty();
    assertThat(chart.bench.privateRegistry.tags()).doesNotContain(id);

    Pod last = chart.processors().getFirst();
    seen.append(chart.log(last)).append(chart.answer("/metrics"));
    assertThat(chart.answer("/metrics"))
        .contains("contract_builder_tasks_total{action=\"delete\",outcome=\"done\"} 1");
    canaries.assertInPlace(Storage.S3, seen.toString());
    assertThat(seen).contains(InstalledChart.name(id)).doesNotContain("cAnArY", "ClassNotFound");
    isGoneAfterItsTime();
    leavesNothing();
  }

  private static void fields(ObjectNode event, String greeting, String secret) {
    event.putObject("env").put("GREETING", greeting);
    event.putObject("secrets").put("api-token", secret);
  }

  private String greeting() throws IOException {
    byte[] answer =
        chart.bench.platformAnswer("POST", "/function/" + InstalledChart.name(id), "hello");
    JsonNode said = Json.read(answer);
    assertThat(said.path("stdin").asText()).isEqualTo("hello");
    return said.path("env").path("GREETING").asText();
  }

  /** What Helm waited for are the probes of a pod of the image that was pushed. */
  private Pod runsTheImage() throws Exception {
    Pod pod = chart.processors().getFirst();
    String digest = Files.readString(Launched.project().resolve("dist/image/digest")).strip();
    assertThat(pod.getStatus().getContainerStatuses().getFirst().getImageID()).endsWith(digest);
    assertThat(chart.exec(pod, "id", "-u")).isEqualTo("0\n1000\n");
    assertThat(chart.exec(pod, "contract-builder", "check")).startsWith("0\n");
    assertThat(names("networking.k8s.io/v1", "NetworkPolicy"))
        .containsExactlyInAnyOrder("NetworkPolicy " + RELEASE, "NetworkPolicy " + RELEASE + "-job");
    assertThat(names("policy/v1", "PodDisruptionBudget"))
        .containsExactly("PodDisruptionBudget " + RELEASE);
    return pod;
  }

  private String space() {
    return chart.plane.namespace;
  }

  private void mayDoNoMoreThanItsRoleSays() {
    var may = new ArrayList<String>();
    RESOURCES.forEach(
        (resource, group) -> {
          for (String verb :
              List.of("get", "list", "watch", "create", "update", "patch", "delete", "escalate")) {
            if (may(group, resource, verb)) {
              may.add(verb + " " + resource);
            }
          }
        });
    assertThat(may)
        .containsExactlyInAnyOrder(
            "get jobs", "create jobs", "delete jobs", "create secrets", "list pods", "list events");
  }

  private boolean may(String group, String resource, String verb) {
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser("system:serviceaccount:" + space() + ":" + RELEASE)
            .withGroups("system:serviceaccounts", "system:authenticated")
            .withNewResourceAttributes()
            .withNamespace(space())
            .withGroup(group)
            .withResource(resource)
            .withVerb(verb)
            .endResourceAttributes()
            .endSpec()
            .build();
    return chart
        .plane
        .client
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  /** The processor's pod is killed while the Job runs: the next one adopts it. */
  private void update(Pod processor) throws IOException {
    String name = InstalledChart.name(id);
    Job former = chart.plane.job(name);
    chart.push(webserver.update(event -> fields(event, "two", ChainCanaries.SECOND)));
    Job begun = chart.plane.jobAfter(former);
    seen.append(chart.log(processor));
    chart.plane.client.pods().resource(processor).withGracePeriod(0).delete();
    Bench.await("another processor", () -> isAnother(processor));
    Bench.await("the update's end", chart::isIdle);
    Job ended = chart.plane.job(name);
    assertThat(ended.getMetadata().getUid()).isEqualTo(begun.getMetadata().getUid());
    look(ended);
    assertThat(chart.bench.redis.zrange("contract-builder:dead-letter", 0, -1)).isEmpty();
  }

  private boolean isAnother(Pod before) {
    return chart.processors().stream()
        .anyMatch(
            pod ->
                !pod.getMetadata().getUid().equals(before.getMetadata().getUid())
                    && pod.getStatus().getPhase().equals("Running"));
  }

  private void done(ObjectNode event) {
    look(chart.done(id, event));
  }

  /** Keeps what anybody could see of a Job, who may not read Secrets. */
  private void look(Job job) {
    List<Pod> pods = chart.plane.pods(job);
    assertThat(pods).hasSize(1);
    seen.append(chart.plane.everything());
    seen.append(Serialization.asJson(chart.plane.client.configMaps().inNamespace(space()).list()));
    String log = chart.log(pods.getFirst());
    seen.append(log);
    assertThat(job.getStatus().getSucceeded()).as(log).isEqualTo(1);
  }

  private void isGoneAfterItsTime() {
    assertThat(chart.plane.isGone(InstalledChart.name(id))).isTrue();
    ControlPlane.await(
        "the end of pods and Secrets",
        () ->
            Stream.of("Pod", "Secret")
                .flatMap(kind -> names("v1", kind).stream())
                .noneMatch(name -> name.contains(id)));
  }

  private void leavesNothing() throws Exception {
    chart.helm("uninstall", RELEASE, "--wait", "--timeout", "2m");
    ControlPlane.await("the end of all that was installed", () -> left().isEmpty());
  }

  /** All in the namespace but what stood there before. */
  private List<String> left() {
    return KINDS.entrySet().stream()
        .flatMap(kind -> names(kind.getValue(), kind.getKey()).stream())
        .filter(name -> !BEFORE.contains(name))
        .toList();
  }

  /** All objects of a kind in the namespace. */
  private List<String> names(String version, String kind) {
    return chart
        .plane
        .client
        .genericKubernetesResources(version, kind)
        .inNamespace(space())
        .list()
        .getItems()
        .stream()
        .map(one -> kind + " " + one.getMetadata().getName())
        .toList();
  }
}
