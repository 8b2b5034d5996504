package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.json.Json;
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

  /** Of the run's time or of the tool, and what names where the image came from. */
  private static final List<String> OTHER_LABELS =
      List.of(
          "org.opencontainers.image.base.name",
          "org.opencontainers.image.base.digest",
          "io.buildah.version");

  /** COPY writes entries of the parents; ours would replace a link, so it leaves them out. */
  private static final List<String> OTHER_ENTRIES = List.of("usr", "usr/bin");

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
              CopyListener.NONE);
    }

    assertThat(config(wrapped)).isEqualTo(config(built));
    assertThat(files(wrapped, folder)).isEqualTo(files(built, folder));
  }

  /** The part that says how the image is run. */
  private static JsonNode config(String image) throws Exception {
    byte[] whole = Parts.run("crane", "config", image).getBytes(StandardCharsets.UTF_8);
    ObjectNode config = (ObjectNode) Json.read(whole).path("config");
    ObjectNode labels = (ObjectNode) config.path("Labels");
    OTHER_LABELS.forEach(labels::remove);
    // An absent one and an empty one mean the same.
    for (String field : List.of("Entrypoint", "OnBuild", "ArgsEscaped", "Volumes")) {
      JsonNode value = config.path(field);
      if (value.isNull() || value.isEmpty()) {
        config.remove(field);
      }
    }
    // buildah writes its build container's name there.
    config.remove("Hostname");
    for (String field : List.of("Domainname", "Image")) {
      if (config.path(field).asText().isEmpty()) {
        config.remove(field);
      }
    }
    config.properties().removeIf(field -> field.getValue().toString().equals("false"));
    return Json.read(Json.write(config));
  }

  /** Path to mode, owner, size and link of what the layers amount to. */
  private static Map<String, String> files(String image, Path folder) throws Exception {
    Path tar = folder.resolve("exported.tar");
    Parts.run("crane", "export", image, tar.toString());
    Map<String, String> files = new TreeMap<>();
    for (String line :
        Parts.run("tar", "--numeric-owner", "-tvf", tar.toString()).lines().toList()) {
      String[] fields = line.split(" +", 6);
      files.put(fields[5].replaceAll("/$", ""), fields[0] + " " + fields[1] + " " + fields[2]);
    }
    OTHER_ENTRIES.forEach(files::remove);
    return files;
  }
}
