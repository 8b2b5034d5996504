package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.image.FolderLayer;
import io.contractbuilder.json.Json;
import io.contractbuilder.registry.FolderImages;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** What {@code release/} makes of the program's own container image, and beside it. */
class ReleaseIT {
  private static final String HOME = "opt/contract-builder";
  private static Path layout = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    part("PARTS_BIN");
    layout = ReleasedImage.build();
  }

  private static JsonNode bill() throws IOException {
    return Json.read(Files.readAllBytes(layout.resolveSibling("sbom.json")));
  }

  /** The bill's components by their references. */
  private static Map<String, JsonNode> components() throws IOException {
    var components = new TreeMap<String, JsonNode>();
    for (JsonNode one : bill().path("components")) {
      assertThat(components.put(one.path("bom-ref").asText(), one)).as("twice: " + one).isNull();
    }
    return components;
  }

  @Test
  void theBillNamesTheImageAndEveryJarInIt() throws IOException {
    JsonNode index = Json.read(Files.readAllBytes(layout.resolve("index.json")));
    JsonNode image = bill().path("metadata").path("component");
    assertThat("sha256:" + image.path("hashes").path(0).path("content").asText())
        .isEqualTo(index.path("manifests").path(0).path("digest").asText());
    var named = new ArrayList<String>();
    for (JsonNode one : components().values()) {
      if (one.path("purl").asText().startsWith("pkg:maven/")) {
        named.add(one.path("name").asText() + "-" + one.path("version").asText() + ".jar");
      }
    }
    List<String> jars =
        ReleasedImage.files(layout).keySet().stream()
            .filter(name -> name.startsWith(HOME + "/lib/") && name.endsWith(".jar"))
            .map(name -> name.substring(name.lastIndexOf('/') + 1))
            .toList();
    assertThat(jars).hasSizeGreaterThan(10);
    assertThat(named).containsExactlyInAnyOrderElementsOf(jars);
  }

  @Test
  void theBillHasDebiansPackagesTheJdkTheWatchdogsAndTheirGo() throws IOException {
    Map<String, JsonNode> components = components();
    long debian = count(ReleasedImage.files(layout).keySet(), "var/lib/dpkg/status.d/");
    assertThat(debian).isPositive();
    assertThat(count(components.keySet(), "pkg:deb/debian/")).isEqualTo(debian);
    assertThat(components.keySet())
        .anyMatch(name -> name.startsWith("pkg:deb/debian/libc6@2."))
        .anyMatch(name -> name.startsWith("pkg:generic/openjdk@25."))
        .anyMatch(name -> name.startsWith("pkg:golang/stdlib@1."))
        .anyMatch(name -> name.matches("pkg:github/google/boringssl@[0-9a-f]{40}"))
        .contains(HOME + "/watchdog/builtin/amd64/fwatchdog")
        .contains(HOME + "/watchdog/builtin/arm64/fwatchdog");
  }

  private static long count(Iterable<String> names, String start) {
    long count = 0;
    for (String name : names) {
      count += name.startsWith(start) && name.length() > start.length() ? 1 : 0;
    }
    return count;
  }

  @Test
  void theBillKeepsToItsSchema() throws IOException {
    var parser = new JsonParser();
    ObjectNode bill = (ObjectNode) bill();
    assertThat(parser.validate(Json.text(bill), Version.VERSION_16)).isEmpty();
    ((ObjectNode) bill.path("components").path(0)).put("type", "jar");
    assertThat(parser.validate(Json.text(bill), Version.VERSION_16)).isNotEmpty();
  }

  @Test
  void aDependencyIsOneOfTheComponents() throws IOException {
    Map<String, JsonNode> components = components();
    for (JsonNode one : bill().path("dependencies")) {
      for (JsonNode name : one.path("dependsOn")) {
        assertThat(components).containsKey(name.asText());
      }
    }
  }

  @Test
  void aPushBringsTheImageAndItsBillIntoARegistryThatAsksForCredentials() throws Exception {
    String registry = part("PARTS_REGISTRY_TLS");
    Path certificates = Files.createDirectories(folder.resolve("certs.d").resolve(registry));
    Files.copy(Path.of(part("PARTS_CA")), certificates.resolve("ca.crt"));
    String credentials =
        part("PARTS_REGISTRY_TLS_USER") + ":" + part("PARTS_REGISTRY_TLS_PASSWORD");
    var docker = Json.object();
    docker
        .putObject("auths")
        .putObject(registry)
        .put("auth", Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
    Files.write(folder.resolve("config.json"), Json.write(docker));
    var environment =
        Map.of(
            "DOCKER_CONFIG",
            folder.toString(),
            "CONTRACT_BUILDER_CERTS",
            folder.resolve("certs.d").toString(),
            "SSL_CERT_FILE",
            part("PARTS_CA"));
    String repository = registry + "/released/contract-builder";
    ReleasedImage.run(environment, "release/image", "--push", repository + ":1");

    byte[] pushed = crane(environment, "manifest", repository + ":1");
    assertThat(Json.read(pushed)).isEqualTo(ReleasedImage.manifest(layout));
    String digest = new String(crane(environment, "digest", repository + ":1"), UTF_8).strip();
    String tag = repository + ":" + digest.replace(':', '-');
    JsonNode beside = Json.read(crane(environment, "manifest", tag)).path("manifests").path(0);
    assertThat(beside.path("artifactType").asText()).isEqualTo("application/vnd.cyclonedx+json");
    String attached = repository + "@" + beside.path("digest").asText();
    JsonNode manifest = Json.read(crane(environment, "manifest", attached));
    assertThat(manifest.path("subject").path("digest").asText()).isEqualTo(digest);
    String blob = repository + "@" + manifest.path("layers").path(0).path("digest").asText();
    assertThat(Json.read(crane(environment, "blob", blob))).isEqualTo(bill());
  }

  private byte[] crane(Map<String, String> environment, String command, String what)
      throws Exception {
    Path out = folder.resolve("crane.out");
    var builder =
        new ProcessBuilder(part("PARTS_BIN") + "/crane", command, what)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    assertThat(builder.start().waitFor()).as(command + " " + what).isZero();
    return Files.readAllBytes(out);
  }

  /** In a project of its own, as the next image and the program would take what it brings. */
  @Test
  void watchdogsAreCopiedOutOfAnImageInPlaceOfFormerOnes() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files/usr/bin"));
    Files.writeString(files.resolve("fwatchdog"), "a watchdog");
    var image = (InLayout) ImageReference.parse("oci:" + folder.resolve("image") + ":0.3.3");
    var config = Json.object().put("architecture", "arm64").put("os", "linux");
    FolderImages.pack(
        config.put("created", "2026-01-01T00:00:00Z"), List.of(folder.resolve("files")), image);

    Path project = Files.createDirectories(folder.resolve("project"));
    for (String own : List.of("release", "lib")) {
      Files.createSymbolicLink(project.resolve(own), Launched.project().resolve(own));
    }
    Files.createDirectories(project.resolve("dist/watchdog/classic/amd64"));
    Files.createSymbolicLink(project.resolve("dist/lib"), Launched.project().resolve("dist/lib"));
    Files.writeString(project.resolve("build"), "#!/bin/sh\n");
    assertThat(project.resolve("build").toFile().setExecutable(true)).isTrue();
    ReleasedImage.run(project.resolve("release/watchdogs").toString(), image.toString());

    Path brought = project.resolve("dist/watchdog/classic");
    assertThat(brought.resolve("arm64/fwatchdog")).isExecutable().hasContent("a watchdog");
    assertThat(brought.resolve("version")).hasContent("0.3.3");
    assertThat(brought.resolve("amd64")).doesNotExist();
    try (Stream<Path> left = Files.list(brought.getParent())) {
      assertThat(left).containsExactly(brought);
    }
  }

  /** All but the AOT cache's layer, whose bytes differ each time. */
  @Test
  @EnabledIfEnvironmentVariable(
      named = "CONTRACT_BUILDER_VERIFY",
      matches = "long",
      disabledReason = "laying out all layers again takes long")
  void theSameSourcesGiveTheSameLayersInAnotherFolderAtAnotherTime() throws Exception {
    ReleasedImage.run("release/stage", folder.resolve("staged").toString());
    JsonNode layers = ReleasedImage.manifest(layout).path("layers");
    int at = 0;
    for (String layer : List.of("system", "runtime", "program")) {
      FolderLayer again =
          FolderLayer.write(
              folder.resolve("staged").resolve(layer), OutputStream.nullOutputStream());
      assertThat(again.descriptor().digest().value())
          .as(layer)
          .isEqualTo(layers.path(at++).path("digest").asText());
    }
  }
}
