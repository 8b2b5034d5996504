package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.image;
import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every secret that the program is given or makes is nowhere but where it belongs. */
class CanaryIT {
  private static final String CONTRACT_SECRET = "cAnArY0contract0secret0value";
  private static final String SECOND_SECRET = "cAnArY0second0secret0value";

  @TempDir private Path folder;
  private final Canaries canaries = new Canaries();
  private final Map<String, String> settings = new HashMap<>();
  private String auth = "";

  @Test
  void secretsAreNowhereButWhereTheyBelong() throws Exception {
    String registry = TestedGateway.registryOr(part("PARTS_REGISTRY_V3"));
    String source = part("PARTS_REGISTRY_TLS");
    prepare(registry, source);
    String id = UUID.randomUUID().toString();
    try (var bench = new Bench(folder, settings)) {
      TestedGateway gateway = bench.startGateway();
      canaries.add("gateway password", gateway.user(), gateway.password());
      Launched platform = gateway.platform();
      try (var watch = canaries.watch(bench.gatewayProcesses())) {
        Ended created = job(bench, event(id, "create", source + "/secret:1", CONTRACT_SECRET));
        assertThat(created.code()).as("see standard error").isZero();
        String keyId = bench.metadata(id).path("auth_key_id").asText();
        Path key = bench.state().resolve("storage/KEYS/" + keyId);
        String value = Json.read(Files.readAllBytes(key)).path("key").asText();
        assertThat(value).hasSize(43);
        canaries.add("API key", value);
        // What was said before the key was known.
        assertClean(created);
        assertClean(bench.done("invoke", "secretive", "--data", "x"));
        Ended updated = job(bench, event(id, "update", source + "/secret:2", SECOND_SECRET));
        assertThat(updated.code()).as("see standard error").isZero();
        Ended failed = job(bench, event(id, "update", source + "/secret:none", SECOND_SECRET));
        assertThat(failed.code()).isEqualTo(1);
        List.of(updated, failed).forEach(this::assertClean);
        for (String command : List.of("show", "logs", "list")) {
          assertClean(
              command.equals("list") ? bench.done("list") : bench.run(command, "secretive"));
        }
        assertThat(inPlace(bench)).isEmpty();
        assertThat(canaries.below(Path.of(part("PARTS_RUN")), CanaryIT::isRegistrysOwn)).isEmpty();
        assertClean(bench.done("delete", "secretive"));
        assertThat(inPlace(bench)).isEmpty();
        watch.assertNothingFound();
        if (platform != null) {
          assertThat(watch.processes()).as("platform and function").isGreaterThan(2);
        }
      }
      if (platform != null) {
        platform.close();
        assertClean(platform.ended());
      }
    }
  }

  private void prepare(String registry, String source) throws IOException, InterruptedException {
    String password = part("PARTS_REGISTRY_V3_PASSWORD");
    String sourceUser = part("PARTS_REGISTRY_TLS_USER");
    String sourcePassword = part("PARTS_REGISTRY_TLS_PASSWORD");
    for (String tag : List.of("1", "2")) {
      push(image(tag.equals("1") ? "noshell:1" : "static:1"), source + "/secret:" + tag);
    }
    canaries.add("contract's secret", CONTRACT_SECRET);
    canaries.add("contract's second secret", SECOND_SECRET);
    canaries.add("private registry's password", part("PARTS_REGISTRY_V3_USER"), password);
    canaries.add("source registry's password", sourceUser, sourcePassword);
    auth =
        Base64.getEncoder()
            .encodeToString((sourceUser + ":" + sourcePassword).getBytes(StandardCharsets.UTF_8));
    Path inputs = Files.createDirectories(folder.resolve("inputs"));
    Path secrets = inputs.resolve("chain.json");
    Files.write(secrets, Json.write(Json.object().put("registry-password", password)));
    Path certificates = Files.createDirectories(folder.resolve("certs").resolve(source));
    Files.copy(Path.of(part("PARTS_CA")), certificates.resolve("ca.crt"));
    settings.putAll(
        Map.of(
            "LOG_LEVEL",
            "trace",
            "FAAS_REGISTRY",
            registry,
            "REGISTRY_USERNAME",
            part("PARTS_REGISTRY_V3_USER"),
            "SECRET_LOCATION",
            secrets.toString(),
            "CONTRACT_BUILDER_CERTS",
            folder.resolve("certs").toString(),
            "CONTRACT_BUILDER_ALLOWED_ADDRESSES",
            "127.0.0.1"));
  }

  private static void push(String image, String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                part("PARTS_BIN") + "/skopeo",
                "copy",
                "--dest-tls-verify=false",
                "--dest-creds",
                part("PARTS_REGISTRY_TLS_USER") + ":" + part("PARTS_REGISTRY_TLS_PASSWORD"),
                image,
                "docker://" + name)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
  }

  private byte[] event(String id, String action, String image, String secret) {
    ObjectNode event =
        Json.object()
            .put("version", "1")
            .put("task_type", action)
            .put("txn_type", "secretive")
            .put("id", id)
            .put("auth", auth)
            .put("image", image)
            .put("cmd", image.endsWith(":2") ? "/srv/hello" : "/bin/answer")
            .put("execution_order", "serial");
    event.putArray("args");
    event.putObject("env").put("HARMLESS", "yes");
    event.putObject("secrets").put("api-token", secret);
    return Json.write(event);
  }

  /** Runs the event from a file, so that no environment holds it, and looks on. */
  private Ended job(Bench bench, byte[] event) throws Exception {
    Path file = folder.resolve("inputs/event.json");
    Files.write(file, event);
    try (Launched job = bench.start(Map.of("EVENT_FILE", file.toString()), "job");
        var watch = canaries.watch(List.of(job.process()))) {
      Ended ended = job.ended();
      assertClean(ended);
      if (ended.code() != 0 && ended.code() != 1) {
        throw new AssertionError(ended.all());
      }
      watch.assertNothingFound();
      assertThat(watch.processes()).isPositive();
      return ended;
    }
  }

  private void assertClean(Ended ended) {
    assertThat(canaries.in(ended.all())).as("on the output").isEmpty();
  }

  private List<String> inPlace(Bench bench) throws IOException {
    return canaries.below(
        bench.state(),
        name ->
            name.startsWith("storage/KEYS/")
                || name.startsWith("platform/secrets/")
                || name.equals("platform/password"));
  }

  /** The registries' own configuration is not the program's. */
  private static boolean isRegistrysOwn(String name) {
    return !name.startsWith("storage/");
  }
}
