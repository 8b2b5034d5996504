package io.contractbuilder.launch;

import static io.contractbuilder.launch.ControlPlane.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway;
import io.contractbuilder.redis.RedisServer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The processor as a pod of the program's own image, with the rights that are documented and no
 * other, and Jobs of the same image; Redis, registry and storage are real.
 */
@Tag("kubernetes")
class ProcessorOnNodeIT {
  private static final String CANARY = "c4n4ry0of0a0task";
  private static final String AUTH =
      Base64.getEncoder().encodeToString(("user:" + CANARY).getBytes(UTF_8));
  private static final String TASKS = "mq:contract-task";

  @TempDir private Path folder;
  private final String id = UUID.randomUUID().toString();
  private final StringBuilder seen = new StringBuilder();
  private ControlPlane plane;
  private RedisServer redis;
  private FaultyGateway gateway;
  private Relay relay;
  private Path bucket;

  @BeforeEach
  void start() throws Exception {
    String registry = Relay.registry();
    plane = new ControlPlane();
    redis = RedisServer.start(Files.createDirectory(folder.resolve("redis")));
    gateway = FaultyGateway.faasNetes();
    relay =
        new Relay(
            redis.port(),
            gateway.uri().getPort(),
            port(part("PARTS_REGISTRY")),
            URI.create(part("PARTS_S3")).getPort());
    Path s3 = Path.of(part("PARTS_S3_FOLDER"));
    bucket = Files.createDirectory(s3.resolveSibling(plane.namespace));
    run(
        Map.of(),
        part("PARTS_BIN") + "/skopeo",
        "copy",
        "--dest-tls-verify=false",
        "oci:" + part("PARTS_IMAGES") + "/noshell:1",
        "docker://" + part("PARTS_REGISTRY") + "/customer/launched:1");
    run(
        Map.of("CONTRACT_BUILDER_PLAIN_HTTP", registry),
        "release/image",
        "--push",
        registry + "/contract-builder:tested");
    chain();
    processor();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (plane != null) {
      plane.close();
    }
    if (relay != null) {
      relay.close();
      gateway.close();
      redis.close();
    }
  }

  private static String part(String name) {
    return String.valueOf(System.getenv(name));
  }

  private static int port(String authority) {
    return Integer.parseInt(authority.substring(authority.lastIndexOf(':') + 1));
  }

  private static String onNode(int port) {
    return Relay.ADDRESS + ":" + port;
  }

  private static String images() {
    return onNode(port(part("PARTS_REGISTRY")));
  }

  private void run(Map<String, String> more, String... command)
      throws IOException, InterruptedException {
    Path log = folder.resolve("command.log");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(more);
    Process process = builder.redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  /** What a chain's own ConfigMap and Secrets say to both. */
  private void chain() {
    Map<String, String> environment = new HashMap<>();
    environment.put("CONTRACT_BUILDER_STATE", "/tmp/state");
    environment.put("REDIS_ENDPOINT", onNode(redis.port()));
    environment.put("FAAS_GATEWAY", "http://" + onNode(gateway.uri().getPort()));
    environment.put("FAAS_REGISTRY", images());
    environment.put("CONTRACT_BUILDER_PLAIN_HTTP", images());
    environment.put("CONTRACT_BUILDER_ALLOWED_ADDRESSES", Relay.ADDRESS);
    environment.put("CONTRACT_BUILDER_WATCHDOG", "builtin");
    environment.put("CONTRACT_BUILDER_JOB_TTL", "20s");
    environment.put("STORAGE_TYPE", "s3");
    environment.put("STORAGE_LOCATION", bucket.getFileName().toString());
    int s3 = URI.create(part("PARTS_S3")).getPort();
    environment.put("CONTRACT_BUILDER_S3_ENDPOINT", "http://" + onNode(s3));
    environment.put("AWS_REGION", part("PARTS_S3_REGION"));
    environment.put("AWS_ACCESS_KEY_ID", part("PARTS_S3_KEY_ID"));
    environment.put("AWS_SECRET_ACCESS_KEY", part("PARTS_S3_SECRET"));
    plane
        .client
        .secrets()
        .inNamespace(plane.namespace)
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("chain")
                .endMetadata()
                .withStringData(environment)
                .build())
        .create();
    String template =
        """
        spec:
          containers:
          - name: job
            image: 127.0.0.1:5000/contract-builder:tested
            envFrom: [{secretRef: {name: chain}}]
            resources: {limits: {memory: 256Mi}}
        """;
    plane
        .client
        .configMaps()
        .inNamespace(plane.namespace)
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("template")
                .endMetadata()
                .addToData("pod.yaml", template)
                .build())
        .create();
  }

  private void processor() throws IOException {
    plane
        .client
        .serviceAccounts()
        .inNamespace(plane.namespace)
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("processor")
                .endMetadata()
                .build())
        .create();
    plane.as("processor", Rights.NEEDED).close();
    Pod pod =
        plane
            .client
            .pods()
            .inNamespace(plane.namespace)
            .load(getClass().getResourceAsStream("processor.yaml"))
            .item();
    plane.client.pods().inNamespace(plane.namespace).resource(pod).create();
  }

  private String log(String pod) {
    return plane.client.pods().inNamespace(plane.namespace).withName(pod).getLog();
  }

  /** Has a task done by the processor; what anybody could see of it is kept. */
  private void done(String action, String command) throws IOException {
    ObjectNode event = Json.object();
    event.put("version", "1").put("task_type", action).put("txn_type", "launched").put("id", id);
    event.put("auth", AUTH);
    for (String field : List.of("image", "cmd", "env", "cron", "seconds", "execution_order")) {
      event.putNull(field);
    }
    event.putArray("args");
    event.putNull("secrets");
    if (!action.equals("delete")) {
      event.put("cmd", command);
      event.putObject("secrets").put("token", CANARY + action);
    }
    if (action.equals("create")) {
      event.put("image", images() + "/customer/launched:1").put("execution_order", "serial");
    }
    try (var chain = redis.client()) {
      chain.lpush(TASKS, Json.text(event));
    }
    String label = "contract-" + id;
    Job[] ended = new Job[1];
    await(
        action + " is done; the processor said: " + processorSaid(),
        () -> {
          ended[0] =
              plane.client.batch().v1().jobs().inNamespace(plane.namespace).withName(label).get();
          return isIdle() && ended[0] != null && JobStory.ended(ended[0]);
        });
    seen.append(plane.everything());
    for (Pod pod : plane.pods(ended[0])) {
      seen.append(log(pod.getMetadata().getName()));
    }
    assertThat(deadLetters()).as(seen + processorSaid()).isZero();
    assertThat(JobStory.failed(ended[0])).as(seen.toString()).isFalse();
    assertThat(plane.pods(ended[0]))
        .singleElement()
        .satisfies(
            pod -> assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isEqualTo(1000));
  }

  private String processorSaid() {
    Pod pod = plane.client.pods().inNamespace(plane.namespace).withName("processor").get();
    return pod.getStatus().getPhase().equals("Pending") ? "(nothing)" : log("processor");
  }

  private boolean isIdle() {
    try (var chain = redis.client()) {
      return chain.llen(TASKS) == 0
          && !chain.exists("contract-builder:queue:busy")
          && chain.keys("contract-builder:queue:held:*").isEmpty();
    }
  }

  private long deadLetters() {
    try (var chain = redis.client()) {
      return chain.zcard("contract-builder:dead-letter");
    }
  }

  private String state() throws IOException {
    Path metadata = bucket.resolve("SMARTCONTRACT/" + id + "/metadata.json");
    return Json.read(Files.readAllBytes(metadata)).path("status").path("state").asText();
  }

  @Test
  void createsUpdatesAndDeletesAContractAndLeavesNothing() throws Exception {
    await(
        "the processor runs",
        () -> {
          Pod pod = plane.client.pods().inNamespace(plane.namespace).withName("processor").get();
          return pod.getStatus().getPhase().equals("Running");
        });
    done("create", "first");
    assertThat(gateway.calls()).contains("POST /system/functions", "POST /system/secrets");
    assertThat(state()).isEqualTo("active");
    done("update", "second");
    assertThat(gateway.calls()).contains("PUT /system/functions");
    assertThat(state()).isEqualTo("active");
    done("delete", "");
    assertThat(gateway.calls()).contains("DELETE /system/functions", "DELETE /system/secrets");

    seen.append(processorSaid());
    assertThat(seen).contains("contract-" + id).doesNotContain(CANARY, AUTH, "ClassNotFound");
    assertThat(plane.isGone("contract-" + id)).isTrue();
    await(
        "Secrets and pods are gone",
        () ->
            plane
                    .client
                    .secrets()
                    .inNamespace(plane.namespace)
                    .withLabel("app.kubernetes.io/instance", id)
                    .list()
                    .getItems()
                    .isEmpty()
                && plane
                    .client
                    .pods()
                    .inNamespace(plane.namespace)
                    .withLabel("app.kubernetes.io/instance", id)
                    .list()
                    .getItems()
                    .isEmpty());
  }
}
