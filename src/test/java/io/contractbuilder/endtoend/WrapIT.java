package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.image;
import static io.contractbuilder.endtoend.Bench.part;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.app.InProcess;
import io.contractbuilder.app.InProcess.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command that makes an image and nothing else, with its flags and its mistakes. */
class WrapIT {
  private static final String ONE = "11111111-2222-4333-8444-555555555555";
  private static final String OTHER = "66666666-2222-4333-8444-555555555555";

  @TempDir private Path folder;
  private String source = "";

  @BeforeEach
  void find() {
    source = image("noshell:1");
  }

  private Ended wrap(String... arguments) {
    return InProcess.command(
        Map.of("CONTRACT_BUILDER_STATE", folder.resolve("state").toString()),
        Stream.concat(Stream.of("wrap"), Stream.of(arguments)).toArray(String[]::new));
  }

  /** Wraps, which has to succeed, and gives the digest that is printed last. */
  private String digest(String... arguments) {
    Ended ended = wrap(arguments);
    assertThat(ended.code()).as(ended.said()).isZero();
    String digest = ended.said().strip().lines().reduce("", (before, line) -> line);
    assertThat(digest).matches("sha256:[0-9a-f]{64}");
    return digest;
  }

  private String layout(String name) {
    return "oci:" + folder.resolve(name) + ":1";
  }

  private JsonNode blob(String layout, String digest) throws IOException {
    return Json.read(
        Files.readAllBytes(
            folder.resolve(layout).resolve("blobs").resolve(digest.replace(':', '/'))));
  }

  private JsonNode config(String layout, String digest) throws IOException {
    return blob(layout, blob(layout, digest).at("/config/digest").asText());
  }

  @Test
  void aContractsIdMakesTheDigestItsOwn() throws IOException {
    String nobodys = digest(source, layout("nobody"));
    String one = digest(source, layout("one"), "--contract", ONE);
    String other = digest("--contract", OTHER, source, layout("other"));

    assertThat(digest(source, layout("again"), "--contract", ONE)).isEqualTo(one);
    assertThat(Stream.of(nobodys, one, other)).doesNotHaveDuplicates();
    assertThat(config("one", one).path("config").path("Labels").toString()).contains(ONE);
    assertThat(config("other", other).path("config").path("Labels").toString()).contains(OTHER);
    assertThat(config("nobody", nobodys).toString()).doesNotContain(ONE, OTHER);
  }

  @Test
  void onePlatformOfSeveralIsTaken() throws IOException {
    String several = digest(image("multi:1"), layout("several"));
    String arm = digest(image("multi:1"), layout("arm"), "--platform", "linux/arm64");

    assertThat(blob("several", several).path("manifests").size()).isGreaterThan(1);
    assertThat(config("arm", arm).path("architecture").asText()).isEqualTo("arm64");
  }

  @Test
  void aRegistryIsATargetAndASourceAndALayerIsTakenFromBeside() throws IOException {
    try (var registry = new CountingProxy(URI.create("http://" + part("PARTS_REGISTRY")))) {
      String base = "wrap-it/" + UUID.randomUUID();
      String pushed = registry.authority() + "/" + base + "/first:1";
      String digest = digest(source, pushed);
      assertThat(digest(source, layout("same"))).isEqualTo(digest);
      registry.forget();

      String second = registry.authority() + "/" + base + "/second:1";
      assertThat(digest(source, second, "--mount-from", base + "/first")).isEqualTo(digest);
      assertThat(registry.requests())
          .anyMatch(request -> request.matches(".*\\?mount=.*&from=" + base + "/first"))
          .as("the configuration alone is sent")
          .filteredOn(request -> request.startsWith("PUT") && request.contains("/uploads/"))
          .hasSize(1);
      Path auth = Files.writeString(folder.resolve("auth"), "somebody:c4n4ry");
      Ended again = wrap(pushed, layout("pulled"), "--auth", auth.toString());
      assertThat(again.code()).as(again.said()).isZero();
      assertThat(again.said()).doesNotContain("c4n4ry");
    }
  }

  @Test
  void credentialsOfDockersConfigurationOpenThePrivateRegistry() throws IOException {
    String user = part("PARTS_REGISTRY_TLS_USER");
    String password = part("PARTS_REGISTRY_TLS_PASSWORD");
    String auth = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    ObjectNode auths = Json.object();
    auths.putObject("auths").putObject(part("PARTS_REGISTRY_TLS")).put("auth", auth);
    // Beside what is asked for, on both streams.
    String answer =
        "echo '{\"ServerURL\":\"c4n4ry\",\"Username\":\"%s\",\"Secret\":\"%s\"}'"
            .formatted(user, password);
    helper("keeper", "read server; echo c4n4ry >&2; " + answer + "; echo c4n4ry >&2");
    ObjectNode kept = Json.object();
    kept.putObject("credHelpers").put(part("PARTS_REGISTRY_TLS"), "keeper");

    for (ObjectNode config : List.of(auths, kept)) {
      Launched.Ended ended = privately(config);
      assertThat(ended.code()).as(ended.all()).isZero();
      assertThat(ended.out().strip()).matches("sha256:[0-9a-f]{64}");
      assertThat(ended.all()).doesNotContain("c4n4ry", password, auth);
    }
  }

  @Test
  void whatACredentialHelperSaysInItsTroubleIsNotPassedOn() throws IOException {
    helper("broken", "echo c4n4ry; echo c4n4ry >&2; exit 3");

    Launched.Ended ended = privately(Json.object().put("credsStore", "broken"));

    assertThat(ended.code()).as(ended.all()).isEqualTo(1);
    assertThat(ended.all())
        .contains("docker-credential-broken", "exit code 3")
        .doesNotContain("c4n4ry", "defect of the program");
  }

  private void helper(String name, String script) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** Wraps into the registry with passwords, as a process: a helper writes past our streams. */
  private Launched.Ended privately(ObjectNode config) throws IOException {
    String registry = part("PARTS_REGISTRY_TLS");
    Path authority = folder.resolve("certs.d").resolve(registry).resolve("ca.crt");
    Files.createDirectories(authority.getParent());
    Files.write(authority, Files.readAllBytes(Path.of(part("PARTS_CA"))));
    Files.write(folder.resolve("config.json"), Json.write(config));
    return Launched.run(
        Map.of(
            "CONTRACT_BUILDER_STATE", folder.resolve("state").toString(),
            "CONTRACT_BUILDER_CERTS", folder.resolve("certs.d").toString(),
            "DOCKER_CONFIG", folder.toString(),
            "PATH", System.getenv("PATH") + ":" + folder.resolve("bin")),
        "wrap",
        source,
        registry + "/wrap-it/" + UUID.randomUUID() + ":1");
  }

  @ParameterizedTest
  @CsvSource({
    "SOURCE TARGET --contract no-uuid, 2, --contract",
    "SOURCE TARGET --platform windows, 2, --platform",
    "SOURCE TARGET --mount-from a/b, 2, --mount-from",
    "SOURCE TARGET --auth /nowhere/at/all, 2, --auth",
    "SOURCE TARGET --colour red, 2, --colour",
    "SOURCE TARGET --contract, 2, --contract",
    "SOURCE TARGET another, 2, another",
    "SOURCE, 2, TARGET",
    "SOURCE UPPER, 2, TARGET",
    "SOURCE:none TARGET, 1, none",
  })
  void aMistakeIsNamedAndMakesNothing(String arguments, int code, String named) {
    Path target = folder.resolve("target");
    Ended ended =
        wrap(
            arguments
                .replace("SOURCE:none", source.replace(":1", ":none"))
                .replace("SOURCE", source)
                .replace("TARGET", "oci:" + target + ":1")
                .split(" "));
    assertThat(ended.code()).as(ended.said()).isEqualTo(code);
    assertThat(ended.said()).contains(named).doesNotContain("defect of the program");
    assertThat(target).doesNotExist();
  }

  @Test
  void anImageOverTheLimitIsRefusedBeforeAByteOfALayerMoves() throws IOException {
    try (var registry = new CountingProxy(URI.create("http://" + part("PARTS_REGISTRY")))) {
      String base = registry.authority() + "/wrap-it/" + UUID.randomUUID();
      digest(source, base + "/small:1");
      registry.forget();

      Ended ended =
          InProcess.command(
              Map.of(
                  "CONTRACT_BUILDER_STATE",
                  folder.resolve("state").toString(),
                  "CONTRACT_BUILDER_IMAGE_LIMIT",
                  "1Ki"),
              "wrap",
              base + "/small:1",
              base + "/limited:1");

      assertThat(ended.code()).as(ended.said()).isEqualTo(1);
      assertThat(ended.said())
          .contains("bytes of compressed layers, where 1024 are allowed")
          .contains("raise CONTRACT_BUILDER_IMAGE_LIMIT");
      assertThat(registry.requests())
          .isNotEmpty()
          .noneMatch(request -> request.startsWith("GET") && request.contains("/blobs/"))
          .noneMatch(request -> request.startsWith("PUT") || request.startsWith("PATCH"));
    }
  }

  /** The record says that the registry looks for a manifest's blobs: its name is all of it. */
  @Test
  void aCopyBetweenRegistriesWritesNothing() throws IOException {
    URI part = URI.create("http://" + part("PARTS_REGISTRY"));
    try (var from = new CountingProxy(part);
        var to = new CountingProxy(part)) {
      String base = "/wrap-it/" + UUID.randomUUID();
      digest(source, from.authority() + base + "/first:1");
      for (String empty : new String[] {"work", "work/state", "work/home", "work/tmp"}) {
        Files.createDirectory(folder.resolve(empty));
      }
      Path work = folder.resolve("work");
      String tmp = work.resolve("tmp").toString();

      Launched.Ended ended =
          Launched.run(
              Map.of(
                  "CONTRACT_BUILDER_STATE",
                  work.resolve("state").toString(),
                  "HOME",
                  work.resolve("home").toString(),
                  "TMPDIR",
                  tmp,
                  "JAVA_TOOL_OPTIONS",
                  "-Djava.io.tmpdir=" + tmp),
              "wrap",
              from.authority() + base + "/first:1",
              to.authority() + base + "/second:1");

      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(to.requests()).as("layers moved").anyMatch(request -> request.startsWith("PUT"));
      try (Stream<Path> left = Files.walk(work)) {
        assertThat(left.filter(Files::isRegularFile))
            .singleElement()
            .satisfies(
                record -> {
                  assertThat(record).hasParent(work.resolve("state/registries")).isEmptyFile();
                  assertThat(record.getFileName().toString())
                      .contains(to.authority().replace(":", "%3A"));
                });
      }
    }
  }
}
