package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the program's own container image holds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerImageContentsIT {
  private static final long MOST_BYTES = 180_000_000;
  private static final int ANY_ID_BIT = 06000;
  private static final int OTHERS_WRITE = 022;

  private Path layout;

  @BeforeAll
  void start() throws Exception {
    part("PARTS_BIN");
    layout = ReleasedImage.build();
  }

  @Test
  void isSmall() throws IOException {
    long bytes = ReleasedImage.files(layout).values().stream().mapToLong(ImageFile::size).sum();
    assertThat(bytes).isLessThan(MOST_BYTES);
  }

  @Test
  void nothingInItCanBeWrittenNorGivesAnotherUsersRights() throws IOException {
    ReleasedImage.files(layout)
        .forEach(
            (name, file) -> {
              assertThat(file.user() + file.group()).as(name).isZero();
              assertThat(file.mode() & ANY_ID_BIT).as(name).isZero();
              if (!name.equals("tmp") && file.link().isEmpty()) {
                assertThat(file.mode() & OTHERS_WRITE).as(name).isZero();
              }
            });
  }

  @Test
  void holdsWhatAChainStartsAndWhatFunctionsGet() throws IOException {
    assertThat(ReleasedImage.files(layout))
        .containsKeys(
            "bin/sh",
            "opt/contract-builder/entrypoints/contract_job.sh",
            "opt/contract-builder/entrypoints/contract_job_processor.sh",
            "opt/contract-builder/watchdog/builtin/amd64/fwatchdog",
            "opt/contract-builder/watchdog/builtin/arm64/fwatchdog");
    JsonNode config = ReleasedImage.config(layout).path("config");
    assertThat(config.path("User").asText()).isEqualTo("1000:1000");
    assertThat(config.path("WorkingDir").asText()).isEqualTo("/opt/contract-builder");
    assertThat(config.path("Entrypoint").isMissingNode()).isTrue();
  }

  /** A container tool makes the same of the Containerfile as our own code. */
  @Test
  void theContainerfileGivesTheSameImage(@TempDir Path folder) throws Exception {
    String buildah = part("PARTS_BIN") + "/buildah";
    String name = "localhost/contract-builder-image";
    ReleasedImage.run(
        buildah,
        "bud",
        "--quiet",
        "--layers=false",
        "-f",
        "Containerfile",
        "-t",
        name,
        "dist/image");
    Path built = folder.resolve("built");
    ReleasedImage.run(buildah, "push", "--quiet", name, "oci:" + built + ":1");

    Map<String, ImageFile> theirs = ReleasedImage.files(built);
    // What a tool adds to mount on.
    theirs.keySet().removeIf(String::isEmpty);
    assertThat(theirs).isEqualTo(ReleasedImage.files(layout));
    assertThat(runs(built)).isEqualTo(runs(layout));
  }

  /** The part of the configuration that says how the image is run. */
  private static JsonNode runs(Path image) throws IOException {
    ObjectNode config = (ObjectNode) ReleasedImage.config(image).path("config");
    config.remove("Labels");
    return Json.read(Json.write(config));
  }
}
