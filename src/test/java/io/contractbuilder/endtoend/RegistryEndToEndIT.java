package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.image;
import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Contracts' whole lives with each kind of private registry, which the platform pulls from. A real
 * OpenFaaS pulls from the one that is named with it: what needs another is skipped there.
 */
class RegistryEndToEndIT {
  private static final String GREETING = "through the registry";
  private static final String ITS_REGISTRY =
      "it pulls from the registry of --registry, and this needs one of another kind";

  @TempDir private Path folder;

  @Test
  void aPlainRegistryServesSourceAndTarget() throws Exception {
    String registry = TestedGateway.registryOr(part("PARTS_REGISTRY"));
    skopeo("copy", "--dest-tls-verify=false", image("python:1"), docker(registry, "python:1"));
    skopeo("copy", "--dest-tls-verify=false", image("python:2"), docker(registry, "python:2"));
    try (var bench = new Bench(folder, Map.of("FAAS_REGISTRY", registry))) {
      bench.startGateway();
      live(bench, registry + "/python:1", registry + "/python:2", new Skopeo(registry, "none"));
    }
  }

  @Test
  void aRegistryWithItsOwnAuthorityAndAPasswordServesAnImageOfAnother() throws Exception {
    TestedGateway.assumeLocal(ITS_REGISTRY);
    String registry = part("PARTS_REGISTRY_TLS");
    String source = part("PARTS_REGISTRY_V3_PLAIN");
    skopeo("copy", "--dest-tls-verify=false", image("python:1"), docker(source, "python:1"));
    Path certificates = Files.createDirectories(folder.resolve("certs").resolve(registry));
    Files.copy(Path.of(part("PARTS_CA")), certificates.resolve("ca.crt"));
    var settings = withPassword(registry, "PARTS_REGISTRY_TLS");
    settings.put("CONTRACT_BUILDER_CERTS", folder.resolve("certs").toString());
    try (var bench = new Bench(folder, settings)) {
      bench.startGateway();
      live(
          bench,
          source + "/python:1",
          image("python:2"),
          new Skopeo(registry, credentials("PARTS_REGISTRY_TLS")));
    }
  }

  @Test
  void aRegistryWithTokensServesWhatAFolderHolds() throws Exception {
    TestedGateway.assumeLocal(ITS_REGISTRY);
    String registry = part("PARTS_REGISTRY_V3");
    try (var bench = new Bench(folder, withPassword(registry, "PARTS_REGISTRY_V3"))) {
      bench.startGateway();
      live(
          bench,
          image("python:1"),
          image("python:2"),
          new Skopeo(registry, credentials("PARTS_REGISTRY_V3")));
    }
  }

  @Test
  void everyKindOfImageBecomesAFunction() throws Exception {
    String registry = TestedGateway.registryOr(part("PARTS_REGISTRY_V3_PLAIN"));
    skopeo(
        "copy", "--all", "--dest-tls-verify=false", image("multi:1"), docker(registry, "multi:1"));
    try (var bench = new Bench(folder, Map.of("FAAS_REGISTRY", registry))) {
      Launched platform = bench.startGateway().platform();
      if (platform != null && isRoot()) {
        platform.awaitOnErr("functions run in runc");
      }
      String archive = "docker-archive:" + part("PARTS_IMAGES") + "/noshell-docker.tar";
      for (String source : List.of(image("noshell:1"), archive, registry + "/multi:1")) {
        String id = bench.done(create("answer", source, "/bin/answer", "--arg=two words")).out();
        JsonNode answer = bench.invoke("answer", "some input");
        assertThat(answer.path("stdin").asText()).isEqualTo("some input");
        assertThat(answer.path("args").toString()).isEqualTo("[\"two words\"]");
        assertThat(answer.path("uid").asInt()).isEqualTo(1000);
        bench.done("delete", id.strip());
      }
      bench.done(create("hello", image("static:1"), "/srv/hello", "--arg=two words"));
      assertThat(bench.done("invoke", "hello", "--data", "x").out())
          .isEqualTo("hello from 1000, arguments: two words\nx");
      bench.done("delete", "hello");
      assertThat(bench.left()).isEmpty();
    }
  }

  @Test
  void aRegistryThatRefusesDeletionIsNamedAndTheRestGoesOn() throws Exception {
    TestedGateway.assumeLocal(ITS_REGISTRY);
    String registry = part("PARTS_REGISTRY_NODELETE");
    try (var bench = new Bench(folder, Map.of("FAAS_REGISTRY", registry))) {
      bench.startGateway();
      String id = bench.done(create("kept", image("noshell:1"), "/bin/answer")).out().strip();
      String digest = bench.metadata(id).path("image_digest").asText();
      Ended deleted = bench.done("delete", "kept");
      assertThat(deleted.err()).contains(digest, registry).containsIgnoringCase("delet");
      assertThat(deleted.err()).contains("REGISTRY_STORAGE_DELETE_ENABLED");
      assertThat(bench.left()).isEmpty();
      assertThat(bench.actions()).containsExactly("create", "delete");
      assertThat(new Skopeo(registry, "none").holds(digest)).isTrue();
    }
  }

  /** Whom runc serves. */
  private static boolean isRoot() throws IOException {
    return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  /** Create, update, delete; every answer and everything left behind compared. */
  private void live(Bench bench, String first, String second, Skopeo registry) throws Exception {
    String type = "t" + UUID.randomUUID().toString().substring(0, 8);
    Path token = bench.file("token", "s3cr3t-of-" + type);
    String id =
        bench
            .done(
                create(
                    type,
                    first,
                    "python3",
                    "--arg=/app/handler.py",
                    "--env",
                    "GREETING=" + GREETING,
                    "--secret",
                    "api-token=" + token,
                    "--every",
                    "60"))
            .out()
            .strip();
    String digest = bench.metadata(id).path("image_digest").asText();
    assertThat(bench.metadata(id).path("status").path("state").asText()).isEqualTo("active");
    assertThat(registry.holds(digest)).isTrue();
    JsonNode answer = bench.invoke(type, "{\"amount\":5}");
    assertThat(answer.path("version").asText()).isEqualTo("1");
    assertThat(answer.path("stdin").toString()).contains("amount");
    assertThat(answer.path("greeting").asText()).isEqualTo(GREETING);
    assertThat(answer.path("uid").asInt()).isEqualTo(1000);

    bench.done("update", type, "--image", second);
    assertThat(bench.invoke(type, "again").path("version").asText()).isEqualTo("2");
    assertThat(bench.invoke(type, "again").path("greeting").asText()).isEqualTo(GREETING);
    String updated = bench.metadata(id).path("image_digest").asText();
    assertThat(registry.holds(updated)).isTrue();
    assertThat(registry.holds(digest)).as("the former image is gone").isFalse();

    bench.done("delete", type);
    assertThat(registry.holds(updated)).as("the image is gone").isFalse();
    assertThat(bench.left()).isEmpty();
    assertThat(bench.actions()).containsExactly("create", "update", "delete");
    assertThat(bench.ledger().get(1).path("image_digest").asText()).isEqualTo(updated);
  }

  private static String[] create(String type, String image, String command, String... more) {
    var arguments =
        new ArrayList<>(List.of("create", "--type", type, "--image", image, "--cmd", command));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private Map<String, String> withPassword(String registry, String part) throws IOException {
    Path secrets = folder.resolve("chain-secrets.json");
    Files.write(
        secrets, Json.write(Json.object().put("registry-password", part(part + "_PASSWORD"))));
    return new HashMap<>(
        Map.of(
            "FAAS_REGISTRY",
            registry,
            "REGISTRY_USERNAME",
            part(part + "_USER"),
            "SECRET_LOCATION",
            secrets.toString()));
  }

  private static String credentials(String part) {
    return part(part + "_USER") + ":" + part(part + "_PASSWORD");
  }

  private static String docker(String registry, String name) {
    return "docker://" + registry + "/" + name;
  }

  private static void skopeo(String... arguments) throws IOException, InterruptedException {
    assertThat(run(arguments)).as("skopeo " + String.join(" ", arguments)).isZero();
  }

  private static int run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(part("PARTS_BIN") + "/skopeo"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Looks into the registry with another's eyes. */
  private record Skopeo(String registry, String credentials) {
    boolean holds(String digest) throws IOException, InterruptedException {
      var arguments = new ArrayList<>(List.of("inspect", "--raw", "--tls-verify=false"));
      if (!credentials.equals("none")) {
        arguments.addAll(List.of("--creds", credentials));
      }
      arguments.add("docker://" + registry + "/customer-contracts@" + digest);
      return run(arguments.toArray(String[]::new)) == 0;
    }
  }
}
