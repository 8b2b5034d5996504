package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.json.Json;
import io.contractbuilder.registry.TarReader.Entry;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipe's image against what buildah makes of the Dockerfile that says the same. */
@Timeout(120)
class BuildahIT {
  private static final int LARGEST = 100_000_000;

  private static final String DOCKERFILE =
      """
      FROM BASE
      COPY fwatchdog /usr/bin/fwatchdog
      USER 1000:1000
      ENTRYPOINT []
      CMD ["/usr/bin/fwatchdog"]
      EXPOSE 8080
      ENV write_debug="false" healthcheck_interval=1s
      HEALTHCHECK --interval=3s CMD ["/usr/bin/fwatchdog","--run-healthcheck"]
      """;

  /**
   * All that may differ, with its reason; docs/decisions/0020 lists the same. Times are of the run
   * and stand outside of what is compared, as do the history's words.
   */
  private static final Map<String, List<String>> DIFFERENCES =
      Map.of(
          "labels: where the image came from, and who built it",
          List.of(
              "org.opencontainers.image.base.name",
              "org.opencontainers.image.base.digest",
              "io.buildah.version"),
          "fields of the build container or of the writer, which say nothing of a run",
          List.of("Hostname", "Domainname", "Image", "ArgsEscaped"),
          "fields that mean the same absent, null and empty",
          List.of("Entrypoint", "OnBuild", "Volumes"),
          "COPY writes entries of the parents; ours would replace a link, so it leaves them out",
          List.of("usr", "usr/bin"));

  private static final List<String> DIFFERENT =
      DIFFERENCES.values().stream().flatMap(List::stream).toList();

  /** One with entrypoint, user, health check and volume, and a Debian, whose /bin is a link. */
  @ParameterizedTest
  @ValueSource(strings = {"static", "python"})
  void fileSystemAndConfigurationAreTheSame(String image, @TempDir Path folder) throws Exception {
    String repository = Parts.variable("PARTS_REGISTRY") + "/equal/" + image;
    String base = repository + "-base:1";
    String built = repository + "-built:1";
    String wrapped = repository + "-wrapped:1";
    String local = "localhost/equal-" + image;
    Parts.run(
        "skopeo",
        "copy",
        "--quiet",
        "--dest-tls-verify=false",
        Parts.image(image + ":1"),
        "docker://" + base);
    Path binary = folder.resolve("fwatchdog");
    Files.write(binary, TestWatchdog.BOTH.binary("amd64"));
    assertThat(binary.toFile().setExecutable(true, false)).isTrue();
    Files.writeString(folder.resolve("Dockerfile"), DOCKERFILE.replace("BASE", base));
    Parts.run(
        "buildah",
        "bud",
        "--quiet",
        "--tls-verify=false",
        "--format",
        "docker",
        "-t",
        local,
        folder.toString());
    Parts.run("buildah", "push", "--quiet", "--tls-verify=false", local, "docker://" + built);
    try (ImageStores stores =
        new ImageStores(
            new RegistryClient(
                RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
                new RefusingRegistries(null)),
            true)) {
      new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT)
          .wrap(
              new ImageWrap.Input(ImageReference.parse(base), null, TestWatchdog.BOTH, null),
              stores,
              stores,
              ImageReference.parse(wrapped),
              null,
              CopyListeners.NONE);
    }

    assertThat(config(wrapped)).isEqualTo(config(built));
    assertThat(files(wrapped, folder)).isEqualTo(files(built, folder));
  }

  /** What says where and how the image is run. */
  private static JsonNode config(String image) throws Exception {
    byte[] bytes = Parts.run("crane", "config", image).getBytes(StandardCharsets.UTF_8);
    JsonNode whole = Json.read(bytes);
    ObjectNode config = (ObjectNode) whole.path("config");
    ((ObjectNode) config.path("Labels")).remove(DIFFERENT);
    config
        .properties()
        .removeIf(
            field ->
                (DIFFERENT.contains(field.getKey()) && isEmpty(field.getValue()))
                    || field.getKey().equals("Hostname")
                    || field.getValue().toString().equals("false"));
    ObjectNode compared = Json.object();
    for (String field : List.of("os", "architecture", "variant")) {
      compared.set(field, whole.path(field));
    }
    compared.set("config", config);
    return Json.read(Json.write(compared));
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull() || (value.asText().isEmpty() && value.isEmpty());
  }

  /** Path to kind, mode, owner, link and content of what the layers amount to. */
  private static Map<String, String> files(String image, Path folder) throws Exception {
    Path tar = folder.resolve("exported.tar");
    Parts.run("crane", "export", image, tar.toString());
    Map<String, String> files = new TreeMap<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(tar))) {
      TarReader reader = new TarReader(in);
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        files.put(
            entry.name().replaceAll("/$", ""),
            "%s %o %d:%d %s %s"
                .formatted(
                    entry.type(),
                    entry.mode(),
                    entry.user(),
                    entry.group(),
                    entry.link(),
                    Digest.of(reader.content(LARGEST))));
      }
    }
    assertThat(files).containsKey("usr/bin/fwatchdog");
    DIFFERENT.forEach(files::remove);
    return files;
  }
}
