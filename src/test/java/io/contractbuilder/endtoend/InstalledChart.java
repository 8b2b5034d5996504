package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.json.Json;
import io.contractbuilder.launch.ControlPlane;
import io.contractbuilder.launch.Node;
import io.contractbuilder.launch.Relay;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The chart in a cluster whose pods really run, on a chain whose parts are this machine's: Redis,
 * registry, S3, and an OpenFaaS that runs functions.
 */
final class InstalledChart implements AutoCloseable {
  static final String RELEASE = "contract-builder";

  /**
   * The chain's names of images lead to its registry from pods, too, where they mean themselves.
   */
  private static final String LOOPBACK = "127.0.0.1";

  private static final String TASKS = "mq:contract-task";
  private static final Pattern PORT = Pattern.compile(LOOPBACK + ":(\\d+)");

  final ControlPlane plane;
  final ChainBench bench;
  private final Relay relay;
  private final Path folder;
  private final Path values;

  /**
   * Brings the image into the node's registry, and the chain's settings and secrets into a
   * namespace; nothing is installed yet.
   *
   * @param folder empty
   */
  InstalledChart(Path folder) throws Exception {
    this.folder = folder;
    String registry = Node.registry();
    ReleasedImage.run(
        Map.of("CONTRACT_BUILDER_PLAIN_HTTP", registry),
        "release/image",
        "--push",
        registry + "/contract-builder:tested");
    plane = new ControlPlane();
    bench =
        new ChainBench(
            Files.createDirectory(folder.resolve("chain")),
            PrivateRegistry.plain(part("PARTS_REGISTRY")));
    bench.clear(Storage.S3);
    var chain = new TreeMap<String, String>();
    var builder = new TreeMap<String, String>();
    bench
        .environment(Storage.S3)
        .forEach((name, value) -> (isBuilders(name) ? builder : chain).put(name, onNode(value)));
    chain.put("FAAS_REGISTRY", bench.registry);
    builder.put("CONTRACT_BUILDER_PLAIN_HTTP", bench.registry);
    builder.put("CONTRACT_BUILDER_ALLOWED_ADDRESSES", LOOPBACK + "," + Node.ADDRESS);
    relay = new Relay(ports());
    secrets(chain, builder);
    configMap(chain);
    values = Files.write(folder.resolve("values.json"), Json.write(values(builder)));
  }

  private static boolean isBuilders(String name) {
    return name.startsWith("CONTRACT_BUILDER_") || name.equals("AWS_REGION");
  }

  private static String onNode(String value) {
    return PORT.matcher(value).replaceAll(Node.ADDRESS + ":$1");
  }

  private int[] ports() {
    return bench.environment(Storage.S3).values().stream()
        .flatMap(value -> PORT.matcher(value).results())
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .distinct()
        .toArray();
  }

  /** Each becomes files, and no variable of a pod. */
  private void secrets(Map<String, String> chain, Map<String, String> builder) throws IOException {
    secret("chain", Map.of("SecretString", read(chain.remove("SECRET_LOCATION"))));
    secret(
        "gateway",
        Map.of(
            "basic-auth-user",
            read(builder.remove("CONTRACT_BUILDER_GATEWAY_USER_FILE")),
            "basic-auth-password",
            read(builder.remove("CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE"))));
    String credentials =
        "[default]\naws_access_key_id=%s\naws_secret_access_key=%s\n"
            .formatted(chain.remove("AWS_ACCESS_KEY_ID"), chain.remove("AWS_SECRET_ACCESS_KEY"));
    secret("aws", Map.of("credentials", credentials));
    secret("page", Map.of("token", "cAnArY0of0the0status0page0000000"));
    String at = "server = \"http://" + onNode(bench.registry) + "\"\n";
    secret("registry", Map.of("hosts.toml", at));
    builder.remove("CONTRACT_BUILDER_CERTS");
    chain.keySet().removeAll(List.of("PATH", "JAVA_HOME"));
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file));
  }

  private void secret(String name, Map<String, String> data) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withStringData(data)
            .build();
    plane.client.secrets().inNamespace(plane.namespace).resource(secret).create();
  }

  private void configMap(Map<String, String> data) {
    var map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("d-1-configmap")
            .endMetadata()
            .withData(data)
            .build();
    plane.client.configMaps().inNamespace(plane.namespace).resource(map).create();
  }

  private ObjectNode values(Map<String, String> builder) {
    ObjectNode all = Json.object();
    all.putObject("image")
        .put("repository", "127.0.0.1:5000/contract-builder")
        .put("tag", "tested");
    all.put("workers", 4);
    all.putObject("chain").put("existingConfigMap", "d-1-configmap");
    ObjectNode settings = all.putObject("settings");
    builder.forEach(settings::put);
    ObjectNode secrets = all.putObject("secrets");
    for (String name : List.of("chain", "gateway", "aws")) {
      secrets.putObject(name).put("existingSecret", name);
    }
    secrets.putObject("statusPage").put("existingSecret", "page");
    secrets
        .putArray("registries")
        .addObject()
        .put("host", bench.registry)
        .put("existingSecret", "registry");
    all.putObject("launch").put("mode", "kubernetes").put("ttl", "10s");
    return all;
  }

  /** Installs it, or changes what is installed, and waits until its probes say that it is ready. */
  void install(String... more) throws IOException, InterruptedException {
    var arguments =
        new ArrayList<>(
            List.of("upgrade", "--install", RELEASE, "charts/contract-builder", "--wait"));
    arguments.addAll(List.of("--timeout", "2m", "--values", values.toString()));
    arguments.addAll(List.of(more));
    helm(arguments.toArray(String[]::new));
  }

  /** Runs Helm, which has to succeed. */
  void helm(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(part("PARTS_BIN") + "/helm"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--namespace", plane.namespace));
    var environment = new HashMap<String, String>();
    environment.put("HOME", folder.toString());
    environment.put("KUBECONFIG", part("PARTS_KUBECONFIG"));
    ReleasedImage.run(environment, command.toArray(String[]::new));
  }

  /** The processors that are not about to end. */
  List<Pod> processors() {
    return plane
        .client
        .pods()
        .inNamespace(plane.namespace)
        .withLabel("app.kubernetes.io/component", "processor")
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  String log(Pod pod) {
    return plane.client.pods().resource(pod).getLog();
  }

  /** Runs a command in a pod, as {@code kubectl exec}: its exit code, then what it said. */
  String exec(Pod pod, String... command) throws Exception {
    var said = new ByteArrayOutputStream();
    try (ExecWatch watch =
        plane.client.pods().resource(pod).writingOutput(said).writingError(said).exec(command)) {
      int code = watch.exitCode().get(60, TimeUnit.SECONDS);
      return code + "\n" + said.toString(StandardCharsets.UTF_8);
    }
  }

  /** What the processors' Service answers. */
  String answer(String path) {
    return plane.client.raw(
        "/api/v1/namespaces/%s/services/%s:status/proxy%s"
            .formatted(plane.namespace, RELEASE, path));
  }

  void push(ObjectNode event) {
    bench.redis.lpush(TASKS, Json.text(event));
  }

  /** Whether nothing waits and nothing runs. */
  boolean isIdle() {
    return bench.redis.llen(TASKS) == 0
        && !bench.redis.exists("contract-builder:queue:busy")
        && bench.redis.keys("contract-builder:queue:held:*").isEmpty();
  }

  /** Has a task done, and gives its Job, which has ended. */
  Job done(String id, ObjectNode event) {
    Job before =
        plane.client.batch().v1().jobs().inNamespace(plane.namespace).withName(name(id)).get();
    push(event);
    Job job = before == null ? plane.job(name(id)) : plane.jobAfter(before);
    Bench.await("the end of " + event.path("task_type").asText(), this::isIdle);
    assertThat(bench.redis.zrange("contract-builder:dead-letter", 0, -1)).isEmpty();
    return plane.job(job.getMetadata().getName());
  }

  static String name(String id) {
    return "contract-" + id;
  }

  @Override
  public void close() {
    plane.close();
    relay.close();
    bench.close();
  }
}
