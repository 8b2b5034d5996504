package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The container image as {@code release/image} makes it. */
final class ReleasedImage {
  private static final Pattern VERSION = Pattern.compile("\n  <version>(.*)</version>");

  private ReleasedImage() {}

  /** Makes it where it is not there, or of an earlier state of the sources. */
  static Path build() throws IOException, InterruptedException {
    run("release/image");
    return Launched.project().resolve("dist/image/layout");
  }

  static String version() throws IOException {
    var pom = VERSION.matcher(Files.readString(Launched.project().resolve("pom.xml")));
    assertThat(pom.find()).isTrue();
    return pom.group(1);
  }

  /** The manifest of an image in a layout with one image. */
  static JsonNode manifest(Path layout) throws IOException {
    JsonNode index = Json.read(Files.readAllBytes(layout.resolve("index.json")));
    return Json.read(Files.readAllBytes(blob(layout, index.path("manifests").path(0))));
  }

  /** The file that a descriptor describes. */
  static Path blob(Path layout, JsonNode descriptor) {
    return layout.resolve("blobs").resolve(descriptor.path("digest").asText().replace(':', '/'));
  }

  static JsonNode config(Path layout) throws IOException {
    return Json.read(Files.readAllBytes(blob(layout, manifest(layout).path("config"))));
  }

  /** All files that an image's layers amount to, where none is removed by another. */
  static Map<String, ImageFile> files(Path layout) throws IOException {
    var files = new TreeMap<String, ImageFile>();
    for (JsonNode layer : manifest(layout).path("layers")) {
      files.putAll(ImageFile.of(blob(layout, layer)));
    }
    return files;
  }

  /** Runs a command in the project's folder; its output is the message when it fails. */
  static void run(String... command) throws IOException, InterruptedException {
    run(Map.of(), command);
  }

  /** The same with more in its environment. */
  static void run(Map<String, String> more, String... command)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("release", ".log");
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(Launched.project().toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(more);
      Process process = builder.start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      Files.delete(log);
    }
  }
}
