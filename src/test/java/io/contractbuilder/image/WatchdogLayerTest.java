package io.contractbuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchdogLayerTest {
  @Test
  void isTheSameBytesOnAnyMachineAndDay() {
    WatchdogLayer layer = WatchdogLayer.of("a watchdog\n".getBytes(StandardCharsets.UTF_8));

    assertThat(layer.digest().value())
        .isEqualTo("sha256:7e43332448e90f171ff735f3b4bf592b73b66cc733107ef113489b6e826dd607");
    assertThat(layer.diffId().value())
        .isEqualTo("sha256:ec728a2fc6cd0e82ad05256d302db87cb196fa0965495f4693fc9d17916c9bad");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 512, 513, 63_999, 64_511, 65_535, 65_536, 300_000})
  void anyGzipReadsWhatItsDiffIdIsOf(int size) throws IOException {
    byte[] binary = new byte[size];
    new Random(size).nextBytes(binary);

    WatchdogLayer layer = WatchdogLayer.of(binary);

    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(layer.bytes()))) {
      assertThat(Digest.of(in.readAllBytes())).isEqualTo(layer.diffId());
    }
    assertThat(Digest.of(layer.bytes())).isEqualTo(layer.digest());
  }

  @Test
  void holdsTheWatchdogAndTmpAndNoParentThatCouldReplaceALink(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("layer.tar.gz");
    Files.write(file, WatchdogLayer.of(new byte[700]).bytes());

    Process tar =
        new ProcessBuilder("tar", "--numeric-owner", "--full-time", "-tvzf", file.toString())
            .redirectErrorStream(true)
            .start();
    String listed = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(tar.waitFor()).isZero();
    assertThat(listed.lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "drwxrwxrwt 0/0 0 1970-01-01 00:00:00 tmp/",
            "-rwxr-xr-x 0/0 700 1970-01-01 00:00:00 usr/bin/fwatchdog");
  }
}
