package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import io.contractbuilder.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program's own container image, in a restricted pod's place. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NeedsRoot
class ContainerImageIT {
  private static final List<String> JOB = List.of("sh", "entrypoints/contract_job.sh");
  private static final List<String> PROCESSOR =
      List.of("sh", "entrypoints/contract_job_processor.sh");

  private ChainBench bench;
  private RestrictedPod pod;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    part("PARTS_BIN");
    Path layout = ReleasedImage.build();
    folder = temporary;
    bench = new ChainBench(Files.createDirectory(folder.resolve("chain")));
    pod =
        new RestrictedPod(
            Files.createDirectory(folder.resolve("pod")), layout + ":" + ReleasedImage.version());
  }

  @AfterAll
  void stop() {
    if (bench != null) {
      bench.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Storage.class)
  void createsUpdatesAndDeletesAContract(Storage storage) throws IOException {
    String id = UUID.randomUUID().toString();
    bench.clear(storage);
    var webserver = new Webserver(bench, storage, id, "contained");
    webserver.startChain();

    ObjectNode create =
        webserver.create(
            event -> {
              event.putObject("env").put("GREETING", "grüß dich");
              event.putObject("secrets").put("api-token", "s3cr3t");
              event.put("seconds", 30);
            });
    assertDone(job(storage, create));
    assertThat(invoke(id).path("env").path("GREETING").asText()).isEqualTo("grüß dich");

    assertDone(
        job(storage, webserver.update(event -> event.put("image", bench.customerImage("2")))));
    assertThat(invoke(id).path("stdin").asText()).isEqualTo("x");
    assertThat(bench.privateRegistry.tags()).contains(id);

    assertDone(job(storage, webserver.delete()));
    assertThat(bench.onGateway("function")).isEmpty();
    assertThat(bench.onGateway("secret")).isEmpty();
    assertThat(bench.privateRegistry.tags()).doesNotContain(id);
  }

  private static void assertDone(Ended ended) {
    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(ended.all()).doesNotContain("Read-only file system");
  }

  private JsonNode invoke(String id) throws IOException {
    return Json.read(bench.platformAnswer("POST", "/function/contract-" + id, "x"));
  }

  private Ended job(Storage storage, ObjectNode event) throws IOException {
    return run(storage, Map.of("EVENT", Json.text(event)), JOB);
  }

  /** What a pod's specification would mount: secrets and certificates, and the chain's volume. */
  private Ended run(Storage storage, Map<String, String> more, List<String> command)
      throws IOException {
    try (Launched launched = pod.start(command, environment(storage, more), mounts(storage))) {
      return launched.ended();
    }
  }

  private Map<String, String> environment(Storage storage, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(bench.environment(storage));
    environment.keySet().removeAll(List.of("PATH", "JAVA_HOME"));
    environment.putAll(more);
    return environment;
  }

  private Map<Path, Boolean> mounts(Storage storage) {
    Map<Path, Boolean> mounts = new LinkedHashMap<>();
    mounts.put(folder.resolve("chain"), false);
    if (storage == Storage.DISK) {
      mounts.put(bench.objects(storage), true);
    }
    return mounts;
  }

  @Test
  void theProcessorDoesTheChainsTasksUntilItsPodEnds() throws Exception {
    bench.clear(Storage.DISK);
    var webserver = new Webserver(bench, Storage.DISK, UUID.randomUUID().toString(), "processed");
    webserver.startChain();
    String address = "127.0.0.1:" + RedisServer.freePort();
    Map<String, String> environment =
        environment(Storage.DISK, Map.of("CONTRACT_BUILDER_LISTEN", address));
    try (Launched launched = pod.start(PROCESSOR, environment, mounts(Storage.DISK));
        var client = HttpClient.newHttpClient()) {
      Bench.await("it lives", () -> lives(client, address));
      bench.redis.lpush("mq:contract-task", Json.text(webserver.create(event -> {})));
      Bench.await("it is created", () -> hasDone(1));
      bench.redis.lpush("mq:contract-task", Json.text(webserver.delete()));
      Bench.await("it is deleted", () -> hasDone(2));
      // runc hands it on, as a kubelet sends it to the container's first process.
      launched.process().destroy();
      assertDone(launched.ended());
      assertThat(lives(client, address)).isFalse();
    }
    assertThat(bench.onGateway("function")).isEmpty();
  }

  /** Whether all is done, with so many transactions. */
  private boolean hasDone(int transactions) {
    return bench.redis.llen("dc:tx:incoming") == transactions
        && bench.redis.llen("mq:contract-task") == 0
        && !bench.redis.exists("contract-builder:queue:busy")
        && bench.redis.keys("contract-builder:queue:held:*").isEmpty();
  }

  private static boolean lives(HttpClient client, String address) {
    var request = HttpRequest.newBuilder(URI.create("http://" + address + "/livez")).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void saysHowItIsUsed() throws IOException {
    try (Launched launched = pod.start(List.of("contract-builder", "--help"), Map.of(), Map.of())) {
      Ended ended = launched.ended();
      assertThat(ended.code()).as(ended.all()).isZero();
      assertThat(ended.out()).startsWith("Usage: contract-builder");
    }
  }

  @Test
  void checksItsParts() throws IOException {
    bench.clear(Storage.DISK);
    Ended ended = run(Storage.DISK, Map.of(), List.of("contract-builder", "check"));
    assertThat(ended.code()).as(ended.all()).isZero();
  }

  /** With this mode a JVM that cannot take its cache ends at once. */
  @ParameterizedTest
  @EnumSource(Storage.class)
  void startsFromItsAotCache(Storage storage) throws IOException {
    bench.clear(storage);
    Ended ended =
        run(
            storage,
            Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on"),
            List.of("contract-builder", "config"));
    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(ended.err()).contains("AOTMode=on");
  }
}
