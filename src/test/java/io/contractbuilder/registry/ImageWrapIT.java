package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ImagePlatform;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real images between real registries, layouts and archives; other programs check the result. */
@Timeout(120)
class ImageWrapIT {
  private static final ContractId CONTRACT = new ContractId("11111111-2222-4333-8444-555555555555");
  private final ImageWrap wrap = new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT);
  private ImageStores stores;

  @BeforeEach
  void open() {
    stores =
        new ImageStores(
            new RegistryClient(
                RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
                new RefusingRegistries(null)),
            true);
  }

  @AfterEach
  void close() {
    stores.close();
  }

  private BuiltImage run(String source, String target) {
    return wrap.wrap(
        new ImageWrap.Input(ImageReference.parse(source), null, TestWatchdog.BOTH, CONTRACT),
        stores,
        stores,
        ImageReference.parse(target),
        null,
        CopyListeners.NONE);
  }

  /** The customer's image as a source of the kind. */
  private static String source(String kind, String image) throws Exception {
    return switch (kind) {
      case "layout" -> Parts.image(image);
      case "archive" -> "docker-archive:" + Parts.variable("PARTS_IMAGES") + "/noshell-docker.tar";
      default -> {
        String pushed = Parts.variable("PARTS_REGISTRY") + "/customer/" + image;
        String folder = image.substring(0, image.indexOf(':'));
        String layout = Parts.variable("PARTS_IMAGES") + "/" + folder;
        boolean index = image.startsWith("multi");
        if (folder.equals("python")) {
          Parts.run(
              "skopeo",
              "copy",
              "--quiet",
              "--dest-tls-verify=false",
              Parts.image(image),
              "docker://" + pushed);
        } else {
          Parts.run("crane", "push", layout, pushed, "--index=" + index);
        }
        yield pushed;
      }
    };
  }

  @Test
  void layersOfZstdArePulledByOthersAsTheyWere(@TempDir Path folder) throws Exception {
    String registry = Parts.variable("PARTS_REGISTRY");
    String archive = "docker-archive:" + Parts.variable("PARTS_IMAGES") + "/noshell-docker.tar";
    Parts.run(
        "skopeo",
        "copy",
        "--quiet",
        "--format=oci",
        "--dest-compress-format=zstd",
        "--dest-tls-verify=false",
        archive,
        "docker://" + registry + "/zstd:1");
    String manifest = Parts.run("crane", "manifest", "--insecure", registry + "/zstd:1");
    assertThat(manifest).contains("tar+zstd");

    run(registry + "/zstd:1", registry + "/wrapped/zstd:1");

    assertThat(Parts.run("crane", "manifest", "--insecure", registry + "/wrapped/zstd:1"))
        .contains("tar+zstd", "tar+gzip");
    Parts.run(
        "skopeo",
        "copy",
        "--quiet",
        "--src-tls-verify=false",
        "docker://" + registry + "/wrapped/zstd:1",
        "oci:" + folder + "/pulled:1");
    requireFunction(Parts.run("skopeo", "inspect", "--config", "oci:" + folder + "/pulled:1"));
  }

  @ParameterizedTest
  @CsvSource({
    "layout, static:1", "layout, noshell-docker:1", "layout, python:1",
    "registry, static:1", "registry, noshell-docker:1", "archive, noshell-docker:1"
  })
  void anySourceToAnyTarget(String kind, String image, @TempDir Path folder) throws Exception {
    String source = source(kind, image);
    String remote = Parts.variable("PARTS_REGISTRY") + "/wrapped/" + kind + ":1";
    String archive = folder.resolve("out.tar").toString();

    BuiltImage pushed = run(source, remote);
    BuiltImage laid = run(source, "oci:" + folder + "/out:1");
    run(source, "docker-archive:" + archive + ":wrapped/" + kind + ":1");

    assertThat(laid.digest()).isEqualTo(pushed.digest());
    Parts.run("crane", "validate", "--remote", remote);
    Parts.run("crane", "validate", "--tarball", archive);
    Parts.run(
        "skopeo",
        "copy",
        "--quiet",
        "--src-tls-verify=false",
        "docker://" + remote,
        "dir:" + folder + "/pulled");
    for (String name :
        new String[] {
          "docker://" + remote, "docker-archive:" + archive + ":wrapped/" + kind + ":1"
        }) {
      requireFunction(Parts.run("skopeo", "inspect", "--tls-verify=false", "--config", name));
    }
    if (!image.equals("noshell-docker:1")) {
      requireFunction(Parts.run("skopeo", "inspect", "--config", "oci:" + folder + "/out:1"));
    }
    // What was written can be read again, and gives the same layers.
    BuiltImage again = run("docker-archive:" + archive, "oci:" + folder + "/again:1");
    assertThat(again.platforms()).isEqualTo(pushed.platforms());
  }

  private static void requireFunction(String printed) throws IOException {
    JsonNode config = Json.read(printed.getBytes(StandardCharsets.UTF_8)).path("config");
    assertThat(config.path("User").asText()).isEqualTo("1000:1000");
    assertThat(config.path("Entrypoint").isMissingNode()).isTrue();
    assertThat(config.path("Cmd").toString()).isEqualTo("[\"/usr/bin/fwatchdog\"]");
  }

  @ParameterizedTest
  @CsvSource({"layout", "registry"})
  void indexKeepsBothArchitecturesWithoutAttestations(String kind, @TempDir Path folder)
      throws Exception {
    String source = source(kind, "multi:1");
    String remote = Parts.variable("PARTS_REGISTRY_V3_PLAIN") + "/wrapped/multi:1";

    BuiltImage built = run(source, remote);

    assertThat(built.platforms()).containsExactly("linux/amd64", "linux/arm64");
    Parts.run("crane", "validate", "--remote", remote);
    JsonNode index =
        Json.read(Parts.run("crane", "manifest", remote).getBytes(StandardCharsets.UTF_8));
    assertThat(index.path("manifests")).hasSize(2);
    for (String platform : built.platforms()) {
      requireFunction(Parts.run("crane", "config", "--platform", platform, remote));
    }
    BuiltImage laid = run(source, "oci:" + folder + "/out:1");
    assertThat(laid.digest()).isEqualTo(built.digest());
    run(source, "docker-archive:" + folder + "/out.tar:multi:1");
    assertThat(run("docker-archive:" + folder + "/out.tar", "oci:" + folder + "/in:1").platforms())
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"PARTS_REGISTRY_NODELETE", "PARTS_REGISTRY_V3_PLAIN"})
  void knownLayersCostFiveRequestsWhateverTheirNumber(String registry) throws Exception {
    String target = Parts.variable(registry) + "/counted:";
    String source = source("registry", "python:1");
    BuiltImage cold = run(source, target + "first");
    assertThat(cold.traffic().requests()).isEqualTo(3 * 3 + 8);

    BuiltImage sibling =
        wrap.wrap(
            new ImageWrap.Input(
                ImageReference.parse(source),
                null,
                TestWatchdog.BOTH,
                new ContractId("11111111-2222-4333-8444-666666666666")),
            stores,
            stores,
            ImageReference.parse(target + "second"),
            null,
            CopyListeners.NONE);

    assertThat(sibling.traffic().requests()).isEqualTo(5);
    assertThat(sibling.traffic().bytesCopied()).isLessThan(10_000);
    Parts.run("crane", "validate", "--remote", target + "second");
  }

  @Test
  void imagesInAnotherRepositoryOfTheRegistryAreMounted() throws Exception {
    String source = source("registry", "python:2");

    BuiltImage built = run(source, Parts.variable("PARTS_REGISTRY") + "/mounted:1");

    assertThat(built.traffic().bytesPresent()).isGreaterThan(10_000_000);
    assertThat(built.traffic().bytesCopied()).isLessThan(10_000);
  }

  @ParameterizedTest
  @CsvSource({
    "PARTS_REGISTRY_TLS, static:1",
    "PARTS_REGISTRY_TLS, multi:1",
    "PARTS_REGISTRY_TOKENS, static:1",
    "PARTS_REGISTRY_TOKENS, multi:1",
    "PARTS_REGISTRY_V3, static:1",
    "PARTS_REGISTRY_V3, multi:1",
    "PARTS_REGISTRY_V3_TLS, static:1",
    "PARTS_REGISTRY_V3_TLS, multi:1"
  })
  void whatWasBuiltIsPulledFromARegistryWithPasswordsOrTokens(
      String registry, String image, @TempDir Path folder) throws Exception {
    String host = Parts.variable(registry);
    RegistryCredentials credentials = Parts.credentials(registry);
    String target = host + "/pulled/" + image;
    RegistryAccess access = Parts.access(folder).with(host, credentials);
    try (ImageStores secured =
        new ImageStores(new RegistryClient(access, new RefusingRegistries(null)), true)) {
      wrap.wrap(
          new ImageWrap.Input(
              ImageReference.parse(Parts.image(image)), null, TestWatchdog.BOTH, CONTRACT),
          secured,
          secured,
          ImageReference.parse(target),
          null,
          CopyListeners.NONE);
    }

    boolean tls = registry.endsWith("_TLS");
    Parts.run(
        "skopeo",
        "copy",
        "--quiet",
        "--all",
        "--src-tls-verify=" + tls,
        "--src-cert-dir=" + folder.resolve("certs.d").resolve(tls ? host : "none"),
        "--src-creds=" + credentials.user() + ":" + credentials.password().reveal(),
        "docker://" + target,
        "dir:" + folder + "/pulled");
    // Crane finds credentials and authorities by the environment alone.
    ObjectNode login = Json.object();
    login
        .putObject("auths")
        .putObject(host)
        .put("username", credentials.user())
        .put("password", credentials.password().reveal());
    Files.write(folder.resolve("config.json"), Json.write(login));
    Parts.run(
        Map.of("DOCKER_CONFIG", folder.toString(), "SSL_CERT_FILE", Parts.variable("PARTS_CA")),
        "crane",
        "validate",
        "--remote",
        target);
  }

  @Test
  void platformThatIsAskedForIsTheOnlyOne() throws Exception {
    String remote = Parts.variable("PARTS_REGISTRY") + "/wrapped/one-platform:1";

    BuiltImage built =
        wrap.wrap(
            new ImageWrap.Input(
                ImageReference.parse(Parts.image("multi:1")),
                null,
                TestWatchdog.BOTH,
                CONTRACT,
                new ImagePlatform("linux/arm64"),
                null),
            stores,
            stores,
            ImageReference.parse(remote),
            null,
            CopyListeners.NONE);

    assertThat(built.platforms()).containsExactly("linux/arm64");
    Parts.run("crane", "validate", "--remote", remote);
    requireFunction(Parts.run("crane", "config", remote));
  }

  @Test
  void mirrorOfARegistryGivesTheImage(@TempDir Path folder) throws Exception {
    String pushed = source("registry", "noshell-docker:1");
    Path file = folder.resolve("registry.example/hosts.toml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "[host.\"http://" + Parts.variable("PARTS_REGISTRY") + "\"]\n");
    RegistryAccess access = RegistryAccess.stranger(Set.of(), AllowedAddresses.PUBLIC, folder);
    try (ImageStores mirrored =
        new ImageStores(new RegistryClient(access, new RefusingRegistries(null)), false)) {
      String named = pushed.replace(Parts.variable("PARTS_REGISTRY"), "registry.example");
      BuiltImage built =
          wrap.wrap(
              new ImageWrap.Input(ImageReference.parse(named), null, TestWatchdog.BOTH, CONTRACT),
              mirrored,
              stores,
              ImageReference.parse("oci:" + folder + "/out:1"),
              null,
              CopyListeners.NONE);

      assertThat(built.platforms()).containsExactly("linux/amd64");
    }
  }
}
