package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageException;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.image.WatchdogLayer;
import io.contractbuilder.image.Watchdogs;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogsTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(Path home, String watchdog, String architecture) throws IOException {
    Path folder = home.resolve("watchdog").resolve(watchdog).resolve(architecture);
    Files.createDirectories(folder);
    Files.write(folder.resolve("fwatchdog"), bytes(watchdog + architecture));
  }

  private static Watchdogs none(Path home) {
    return new Watchdogs(
        home,
        reference -> {
          throw new AssertionError("no image is asked for");
        });
  }

  @Test
  void unsetIsTheClassicOneWhereItIsElseTheBuiltinOne(@TempDir Path home) throws IOException {
    put(home, "builtin", "amd64");
    assertThat(none(home).choose(null).name()).isEqualTo("builtin");
    assertThat(none(home).choose(null).carriesAnyArgument()).isTrue();

    put(home, "classic", "arm64");
    Watchdog classic = none(home).choose("");
    assertThat(classic.name()).isEqualTo("classic-watchdog");
    assertThat(classic.carriesAnyArgument()).isFalse();
    assertThat(classic.architectures()).containsExactly("arm64");
    assertThat(none(home).choose("builtin").name()).isEqualTo("builtin");
  }

  @Test
  void versionIsTheFilesElseTheBinarysDigest(@TempDir Path home) throws IOException {
    put(home, "builtin", "amd64");
    assertThat(none(home).choose(null).version()).matches("[0-9a-f]{12}");

    Files.writeString(home.resolve("watchdog/builtin/version"), "1.2.3\n");
    assertThat(none(home).choose(null).version()).isEqualTo("1.2.3");
  }

  @Test
  void folderWithoutABinaryIsRefusedWithWhatToDo(@TempDir Path home) {
    assertThatThrownBy(() -> none(home).choose(home.toString()))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("amd64/fwatchdog");
  }

  @Test
  void imagesBinaryIsReadFromItsLayer(@TempDir Path home) throws IOException {
    WatchdogLayer layer = WatchdogLayer.of(bytes("the real one"));
    byte[] config = bytes("{\"architecture\":\"amd64\",\"os\":\"linux\"}");
    Descriptor described = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, layer.bytes());
    ObjectNode manifest = Json.object().put("schemaVersion", 2);
    manifest.set("config", Descriptor.of(MediaTypes.OCI_CONFIG, config).tree());
    manifest.set("layers", Json.array().add(described.tree()));
    TestImage image =
        new TestImage(
            MediaTypes.OCI_MANIFEST,
            Json.write(manifest),
            Map.of("layer", layer.bytes(), "config", config));
    image.writeTo(home.resolve("image"), "0.3.3");
    try (ImageStores stores =
        new ImageStores(
            new RegistryClient(
                RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
                new RefusingRegistries(null)),
            true)) {
      StoredImages images = new StoredImages(stores, ImageLimits.DEFAULT);
      Watchdog watchdog =
          new Watchdogs(home, reference -> new ImageWatchdog(images, reference, null))
              .choose("oci:" + home.resolve("image") + ":0.3.3");

      assertThat(watchdog.architectures()).containsExactly("amd64");
      assertThat(watchdog.version()).isEqualTo("0.3.3");
      assertThat(watchdog.binary("amd64")).isEqualTo(bytes("the real one"));
      assertThatThrownBy(() -> watchdog.binary("arm64"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
