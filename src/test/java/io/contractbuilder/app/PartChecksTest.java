package io.contractbuilder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.cli.Program.CheckedPart;
import io.contractbuilder.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartChecksTest {
  @TempDir private Path state;

  /** Of parts that answer, however slow the machine. */
  private List<CheckedPart> check(Map<String, String> environment) {
    return check(environment, () -> "OpenFaaS", Duration.ofSeconds(30));
  }

  private List<CheckedPart> check(
      Map<String, String> environment, Supplier<String> gateway, Duration limit) {
    var all = new HashMap<>(environment);
    all.put("CONTRACT_BUILDER_STATE", state.toString());
    Settings settings = Settings.read(all, state);
    var found = new ArrayList<CheckedPart>();
    try (var chain = new Chain(settings);
        var images = Images.of(settings)) {
      new PartChecks(settings, chain, () -> images, gateway, images::abort, limit, found::add)
          .run();
    }
    return found;
  }

  private static CheckedPart named(List<CheckedPart> found, String name) {
    return found.stream().filter(part -> part.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void makesNoStorageThatIsNotThere() {
    Path storage = state.resolve("volume");
    CheckedPart found = named(check(Map.of("STORAGE_LOCATION", storage.toString())), "storage");
    assertThat(found.answers()).isTrue();
    assertThat(found.says()).contains("is not there yet");
    assertThat(storage).doesNotExist();
  }

  @Test
  void leavesNoObjectInTheStorage() throws IOException {
    Path storage = Files.createDirectory(state.resolve("volume"));
    CheckedPart found = named(check(Map.of("STORAGE_LOCATION", storage.toString())), "storage");
    assertThat(found.answers()).as(found.says()).isTrue();
    try (var files = Files.walk(storage)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void goesOnAfterAPartThatIsNotThereOrHangs() throws IOException {
    try (var silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Map<String, String> environment =
          Map.of(
              "REDIS_ENDPOINT", "127.0.0.1:1",
              "FAAS_REGISTRY", "127.0.0.1:" + silent.getLocalPort(),
              "CONTRACT_BUILDER_PLAIN_HTTP", "127.0.0.1:" + silent.getLocalPort());
      List<CheckedPart> found = check(environment, PartChecksTest::hang, Duration.ofMillis(500));
      assertThat(found)
          .extracting(CheckedPart::name)
          .containsExactly(
              "settings",
              "chain",
              "storage",
              "queues",
              "ledger",
              "registry",
              "gateway",
              "watchdog");
      assertThat(named(found, "queues").answers()).isFalse();
      assertThat(named(found, "queues").says()).contains("127.0.0.1:1");
      assertThat(named(found, "queues").remedy()).isNotEmpty();
      assertThat(named(found, "registry").answers()).isFalse();
      assertThat(named(found, "gateway").answers()).isFalse();
    }
  }

  private static String hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("it was cut off", e);
    }
    return "";
  }
}
