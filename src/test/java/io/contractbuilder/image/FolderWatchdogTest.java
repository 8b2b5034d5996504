package io.contractbuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchdogTest {
  @TempDir private Path folder;
  private Path binary;
  private FolderWatchdog watchdog;

  @BeforeEach
  void recordOne() throws IOException {
    binary = Files.createDirectory(folder.resolve("amd64")).resolve("fwatchdog");
    Files.writeString(binary, "the first one");
    watchdog = new FolderWatchdog("ours", folder, false);
    watchdog.record();
  }

  @Test
  void recordedLayerIsTheOneThatTheBinaryGives() throws IOException {
    WatchdogLayer made = WatchdogLayer.of(Files.readAllBytes(binary));

    WatchdogLayer recorded = watchdog.layer("amd64");

    assertThat(recorded.digest()).isEqualTo(made.digest());
    assertThat(recorded.diffId()).isEqualTo(made.diffId());
    assertThat(recorded.size()).isEqualTo(made.size());
    assertThat(recorded.bytes()).isEqualTo(made.bytes());
  }

  @Test
  void binaryOfAnotherSizeIsNotTakenForTheRecordedOne() throws IOException {
    replace("one that is longer");

    assertThat(watchdog.layer("amd64").digest())
        .isEqualTo(WatchdogLayer.of(Files.readAllBytes(binary)).digest());
  }

  @Test
  void binaryThatOnlyLooksLikeTheRecordedOneIsRefused() throws IOException {
    replace("the other one");

    assertThatThrownBy(() -> watchdog.layer("amd64").bytes())
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("amd64/fwatchdog is not the binary");
  }

  /** A binary with the times of the recorded one. */
  private void replace(String content) throws IOException {
    FileTime before = Files.getLastModifiedTime(binary);
    Files.writeString(binary, content);
    Files.setLastModifiedTime(binary, before);
  }
}
