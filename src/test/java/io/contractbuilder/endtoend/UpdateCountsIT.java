package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.image;
import static io.contractbuilder.endtoend.Bench.part;
import static io.contractbuilder.endtoend.Bench.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.endtoend.Launched.Ended;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an update sends to each part, counted by a proxy before it. A real OpenFaaS would not reach
 * a proxy before its registry: there, what shall not ask the registry is barred from it.
 */
class UpdateCountsIT {
  @TempDir private static Path folder;
  private static Bench bench;
  private static CountingProxy gateway;
  private static CountingProxy target;
  private static CountingProxy source;
  private static String former;
  private static int contracts;

  private String type = "";
  private String id = "";

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    source = new CountingProxy(URI.create("http://" + part("PARTS_REGISTRY_V3_PLAIN")));
    String registry = TestedGateway.registryOr(part("PARTS_REGISTRY"));
    target = new CountingProxy(URI.create("http://" + registry));
    former = source.authority() + "/counted:1";
    push(image("noshell:1"), "counted:1");
    push(image("static:1"), "counted:other");
    bench = new Bench(folder, Map.of("FAAS_REGISTRY", target.authority()));
    gateway = bench.startCountedGateway();
  }

  private static void push(String image, String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                part("PARTS_BIN") + "/skopeo",
                "copy",
                "--dest-tls-verify=false",
                image,
                "docker://" + part("PARTS_REGISTRY_V3_PLAIN") + "/" + name)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable part : new AutoCloseable[] {bench, gateway, target, source}) {
      if (part != null) {
        try {
          part.close();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  @BeforeEach
  void createContract() throws IOException {
    type = "counted" + ++contracts;
    id =
        bench
            .done(
                "create",
                "--type",
                type,
                "--image",
                former,
                "--cmd",
                "/bin/answer",
                "--env",
                "RATE=1")
            .out()
            .strip();
    gateway.forget();
    target.forget();
    source.forget();
  }

  private static List<String> deployments() {
    return gateway.requests().stream()
        .filter(request -> request.matches("(PUT|POST) /system/functions.*"))
        .toList();
  }

  /** What the program itself asked of the private registry; the platform pulls from it, too. */
  private static List<String> uploads() {
    return target.requests().stream()
        .filter(request -> request.matches("(PUT|POST|PATCH) .*"))
        .toList();
  }

  /** With an authority for the private registry, a command speaks TLS, which the proxy does not. */
  private static Map<String, String> registryBarred() throws IOException {
    Path certificates = folder.resolve("barred");
    String registry = TestedGateway.registryOr(target.authority());
    Path authority = certificates.resolve(registry).resolve("ca.crt");
    if (Files.notExists(authority)) {
      Files.createDirectories(certificates.resolve(registry));
      Files.copy(Path.of(part("PARTS_CA")), authority);
    }
    return Map.of("CONTRACT_BUILDER_CERTS", certificates.toString());
  }

  /** An update that has no way to the private registry. */
  private Ended barred(String... more) throws IOException {
    var command = Stream.concat(Stream.of("update", type), Stream.of(more)).toArray(String[]::new);
    Ended updated = bench.runWith(registryBarred(), command);
    assertThat(updated.code()).as(updated.all()).isZero();
    return updated;
  }

  /** Manifest and configuration of what it is told to deploy. */
  private static void assertOnlyThePlatformRead() {
    assertThat(target.requests())
        .hasSizeLessThanOrEqualTo(2)
        .allMatch(request -> request.matches("GET /v2/customer-contracts/.*/sha256:[0-9a-f]{64}"));
  }

  private String answered(String variable) throws IOException {
    JsonNode answer = bench.invoke(type, "x");
    return answer.path("env").path(variable).asText();
  }

  @Test
  void aChangedVariableDeploysAndContactsNoRegistry() throws IOException {
    barred("--env", "RATE=2");
    assertThat(source.requests()).isEmpty();
    assertOnlyThePlatformRead();
    assertThat(deployments()).hasSize(1);
    assertThat(gateway.requests()).noneMatch(r -> r.matches("(POST|PUT|DELETE) /system/secrets.*"));
    assertThat(answered("RATE")).isEqualTo("2");
  }

  @Test
  void theDeployedImageAgainBuildsNothingAndDeploysNothing() throws IOException {
    Ended updated = bench.done("update", type, "--image", former);
    assertThat(step(updated, "image")).isEqualTo("done");
    assertThat(source.requests()).hasSizeBetween(1, 2).allMatch(r -> r.contains("/manifests/"));
    // Only whether it is still there.
    if (!TestedGateway.isReal()) {
      assertThat(target.requests()).hasSize(1).allMatch(r -> r.startsWith("HEAD /v2/"));
    }
    assertThat(deployments()).isEmpty();
    assertThat(answered("RATE")).isEqualTo("1");
  }

  @Test
  void whatIsSoAlreadyReachesNoPartAtAll() throws IOException {
    Ended updated = barred("--env", "RATE=1", "--cmd", "/bin/answer");
    assertThat(step(updated, "function")).isEqualTo("skipped");
    assertThat(source.requests()).isEmpty();
    assertThat(target.requests()).isEmpty();
    assertThat(gateway.requests()).isEmpty();
    assertThat(bench.actions()).endsWith("update");
  }

  @Test
  void aScheduleAloneReachesNeitherGatewayNorRegistry() throws IOException {
    barred("--every", "60");
    assertThat(gateway.requests()).isEmpty();
    assertThat(source.requests()).isEmpty();
    assertThat(target.requests()).isEmpty();
    assertThat(bench.state().resolve("schedules/" + id + ".json")).exists();
    barred("--no-schedule");
    assertThat(gateway.requests()).isEmpty();
    assertThat(bench.state().resolve("schedules/" + id + ".json")).doesNotExist();
  }

  @Test
  void aSecretReachesTheGatewayAlone() throws IOException {
    Path value = bench.file("value", "s3cr3t");
    barred("--secret", "extra=" + value);
    assertThat(source.requests()).isEmpty();
    assertOnlyThePlatformRead();
    assertThat(gateway.requests()).anyMatch(request -> request.endsWith("/system/secrets"));
    assertThat(bench.metadata(id).path("existing_secrets").toString()).contains("extra");
  }

  @Test
  void aMissingImageLeavesTheFormerVersionAnswering() throws IOException {
    Ended updated =
        bench.runWith(
            registryBarred(),
            "update",
            type,
            "--image",
            source.authority() + "/counted:none",
            "--env",
            "RATE=2");
    assertThat(updated.code()).as(updated.all()).isEqualTo(1);
    assertThat(updated.err()).contains(source.authority(), "manifest none of counted", "404");
    assertThat(target.requests()).isEmpty();
    assertThat(deployments()).isEmpty();
    assertFormer();
  }

  @Test
  void aVersionThatNeverGetsReadyLeavesTheFormerOneAnswering() throws IOException {
    // The watchdog of this folder is one that ends at once, as one that crashes at its start.
    Path crashing = Files.createDirectories(folder.resolve("crashing-" + type));
    Path program = Path.of(part("PARTS_BIN")).resolve("answer-amd64");
    Files.copy(program, Files.createDirectories(crashing.resolve("amd64")).resolve("fwatchdog"));
    Ended updated =
        bench.runWith(
            Map.of("CONTRACT_BUILDER_READY_TIMEOUT", "20s"),
            "update",
            type,
            "--watchdog",
            crashing.toString(),
            "--env",
            "RATE=2");
    assertThat(updated.code()).as(updated.all()).isIn(1, 3);
    assertThat(updated.err()).contains("contract-" + id);
    assertThat(deployments()).as("the new one, and the former again").hasSizeBetween(2, 4);
    assertFormer();
    if (!TestedGateway.isReal()) {
      assertThat(uploads()).isNotEmpty();
    }
  }

  private void assertFormer() throws IOException {
    assertThat(answered("RATE")).isEqualTo("1");
    JsonNode metadata = bench.metadata(id);
    assertThat(metadata.path("status").path("state").asText()).isEqualTo("active");
    assertThat(metadata.path("status").path("msg").asText()).startsWith("Contract update failed");
    assertThat(metadata.path("image").asText()).isEqualTo(former);
    assertThat(metadata.path("env").path("RATE").asText()).isEqualTo("1");
  }
}
