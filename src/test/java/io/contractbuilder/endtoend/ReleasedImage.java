package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Runs a command in the project's folder; its output is the message when it fails. */
  static void run(String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("release", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Launched.project().toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      Files.delete(log);
    }
  }
}
