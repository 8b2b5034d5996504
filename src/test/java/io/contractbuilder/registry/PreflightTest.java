package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageCommand;
import io.contractbuilder.image.ImageException;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is seen of an image in a docker archive before anything is pushed. */
@Timeout(60)
class PreflightTest {
  @TempDir private Path folder;
  private MemoryRegistry to;
  private ImageStores stores;

  /** One line per entry: type, mode, user and name; a link's target after an arrow. */
  private static final String BASE =
      """
      d 755 0 bin/
      f 755 0 bin/sh
      d 755 0 app/
      f 755 0 app/run
      f 644 0 app/data
      f 700 0 app/root-only
      f 700 1000 app/own
      l 777 0 app/link -> ../bin/sh
      l 777 0 app/absolute -> /app/link
      l 777 0 app/loop -> loop
      l 777 0 app/dangling -> nothing
      h 755 0 app/hard -> app/run
      d 700 0 root/
      f 755 0 root/tool
      d 700 1000 home/
      f 755 0 home/tool
      d 755 0 sbin/
      """;

  @BeforeEach
  void start() throws IOException {
    to = new MemoryRegistry();
    stores =
        new ImageStores(
            new RegistryClient(
                RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
                new RefusingRegistries(null)),
            true);
  }

  @AfterEach
  void stop() {
    stores.close();
    to.close();
  }

  private static byte[] tar(String listing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (String line : listing.lines().filter(l -> !l.isBlank()).toList()) {
        String[] parts = line.strip().split(" +", 6);
        byte type =
            switch (parts[0]) {
              case "d" -> '5';
              case "l" -> '2';
              case "h" -> '1';
              default -> '0';
            };
        TarArchiveEntry entry = new TarArchiveEntry(parts[3], type);
        entry.setMode(Integer.parseInt(parts[1], 8));
        entry.setUserId(Long.parseLong(parts[2]));
        byte[] content =
            type == '0' ? parts[3].repeat(100).getBytes(StandardCharsets.UTF_8) : new byte[0];
        if (parts.length == 6) {
          entry.setLinkName(parts[5]);
        }
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return out.toByteArray();
  }

  /** As {@code docker save} wrote it for years: plain layers, and no layout. */
  private String archive(String workingFolder, byte[]... layers) throws IOException {
    ObjectNode config = Json.object().put("architecture", "amd64").put("os", "linux");
    ObjectNode run = config.putObject("config").put("WorkingDir", workingFolder);
    run.putArray("Env").add("A=b").add("PATH=/app:/bin");
    ObjectNode entry = Json.object().put("Config", "config.json");
    entry.putArray("RepoTags").add("app:1");
    var names = entry.putArray("Layers");
    var diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    Path file = folder.resolve("image.tar");
    try (var out = Files.newOutputStream(file)) {
      TarWriter tar = new TarWriter(out);
      for (int i = 0; i < layers.length; i++) {
        tar.file(i + "/layer.tar", layers[i]);
        names.add(i + "/layer.tar");
        diffIds.add(Digest.of(layers[i]).value());
      }
      tar.file("config.json", Json.write(config));
      tar.file("manifest.json", Json.write(Json.array().add(entry)));
      tar.end();
    }
    return "docker-archive:" + file;
  }

  private BuiltImage run(String source, @Nullable ImageCommand command) {
    return new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT)
        .wrap(
            new ImageWrap.Input(
                ImageReference.parse(source), null, TestWatchdog.BOTH, null, null, command),
            stores,
            stores,
            ImageReference.parse(to.host() + "/wrapped:1"),
            null,
            CopyListeners.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/run",
        "run",
        "sh",
        "/app/link",
        "/app/absolute",
        "hard",
        "own",
        "./run",
        "../bin/sh",
        "/bin/../app/run",
        "/home/tool",
        "/sbin/../bin/sh"
      })
  void commandThatIsThereIsTaken(String program) throws IOException {
    BuiltImage built = run(archive("/app", tar(BASE)), new ImageCommand(program, null));

    assertThat(built.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/app/none, it is not there",
    "none, it is not there",
    "./none, it is not there",
    "/app/dangling, it is not there",
    "/app/loop, it is not there",
    "/app/run/x, it is not there",
    "/app/data, cannot run it",
    "data, cannot run it",
    "/app/root-only, cannot run it",
    "/root/tool, cannot run it",
    "/app, cannot run it"
  })
  void commandThatIsNotThereOrCannotBeRunIsRefusedBeforeAnythingIsPushed(String program, String why)
      throws IOException {
    String source = archive("/app", tar(BASE));

    assertThatThrownBy(() -> run(source, new ImageCommand(program, null)))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("looking for the command '" + program + "'")
        .hasMessageContaining(why);
    assertThat(to.deliveries()).isEmpty();
  }

  @Test
  void contractsOwnPathIsLookedThrough() throws IOException {
    String source = archive("/", tar(BASE));

    assertThatThrownBy(() -> run(source, new ImageCommand("sh", "/app:/sbin")))
        .hasMessageContaining("it is not there");
    assertThat(run(source, new ImageCommand("sh", "/sbin:bin")).warnings()).isEmpty();
  }

  @Test
  void upperLayersCoverAndRemoveWhatIsBelow() throws IOException {
    byte[] above =
        tar(
            """
            f 644 0 app/.wh.run
            d 755 0 bin/
            f 644 0 bin/.wh..wh..opq
            f 755 0 bin/new
            f 755 0 sbin
            f 755 0 root/more
            """);
    String source = archive("/app", tar(BASE), above);

    for (String gone : List.of("/app/run", "/bin/sh", "/app/link")) {
      assertThatThrownBy(() -> run(source, new ImageCommand(gone, null)))
          .hasMessageContaining("it is not there");
    }
    for (String there : List.of("/bin/new", "/app/hard", "/sbin")) {
      assertThat(run(source, new ImageCommand(there, null)).warnings()).isEmpty();
    }
    assertThatThrownBy(() -> run(source, new ImageCommand("/root/more", null)))
        .hasMessageContaining("cannot run it");
  }

  @ParameterizedTest
  @CsvSource({"/root, it is closed to it", "/root/work, /root is closed to it"})
  void workingFolderThatUser1000CannotEnterIsWarnedOf(String workingFolder, String why)
      throws IOException {
    BuiltImage built = run(archive(workingFolder, tar(BASE + "d 755 0 root/work/\n")), null);

    assertThat(built.warnings())
        .singleElement()
        .asString()
        .startsWith("WORKDIR " + workingFolder + " cannot be entered by user 1000")
        .contains(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/app", "/home", "/not/there/yet"})
  void workingFolderThatCanBeEnteredOrIsMadeIsNotWarnedOf(String workingFolder) throws IOException {
    assertThat(run(archive(workingFolder, tar(BASE)), null).warnings()).isEmpty();
  }

  /** The layers of a registry's image are not looked into. */
  @Test
  void workingFolderOfRootIsWarnedOfWhereLayersAreNotRead() throws IOException {
    try (MemoryRegistry from = new MemoryRegistry()) {
      TestImage image = TestImage.oci(1, 100);
      ObjectNode manifest = (ObjectNode) Json.read(image.manifest());
      byte[] old = image.blobs().get(manifest.path("config").path("digest").asText());
      ObjectNode config = (ObjectNode) Json.read(java.util.Objects.requireNonNull(old));
      ((ObjectNode) config.path("config")).put("WorkingDir", "/root/app");
      byte[] bytes = Json.write(config);
      ((ObjectNode) manifest.path("config"))
          .put("digest", Digest.of(bytes).value())
          .put("size", bytes.length);
      from.push("app", "1", new TestImage(image.mediaType(), Json.write(manifest), image.blobs()));
      from.blobs.put(Digest.of(bytes).value(), bytes);

      assertThat(run(from.host() + "/app:1", new ImageCommand("/not/looked/for", null)).warnings())
          .singleElement()
          .asString()
          .startsWith("WORKDIR /root/app cannot be entered by user 1000")
          .contains("if /root is closed");
    }
  }

  /** No /tmp and no shell: it gets the one, and needs not the other. */
  @Test
  void imageWithoutShellAndTmpIsWrappedWithoutAWarning() throws IOException {
    BuiltImage built =
        run(archive("/", tar("f 755 0 answer\n")), new ImageCommand("/answer", null));

    assertThat(built.warnings()).isEmpty();
    byte[] manifest = java.util.Objects.requireNonNull(to.manifests.get("wrapped@1"));
    var layers = Json.read(manifest).path("layers");
    byte[] added =
        java.util.Objects.requireNonNull(to.blobs.get(layers.path(1).path("digest").asText()));
    TarReader tar = new TarReader(new GZIPInputStream(new ByteArrayInputStream(added)));
    List<String> names = new ArrayList<>();
    for (TarReader.Entry e = tar.next(); e != null; e = tar.next()) {
      names.add(e.name() + " " + Integer.toOctalString(e.mode()));
    }
    assertThat(names).containsExactly("tmp/ 1777", "usr/bin/fwatchdog 755");
  }

  /** Programs such as crane take all layers for like the first. */
  @Test
  void plainLayersOfAnArchiveBecomeGzipStreamsAlways() throws IOException {
    byte[] random = new byte[200_000];
    new Random(1).nextBytes(random);
    byte[] large = tar("f 755 0 app/run\n" + "d 755 0 " + "x".repeat(90) + "/\n");
    String source = archive("/", large, tar(BASE));

    BuiltImage built = run(source, null);

    var layers =
        Json.read(java.util.Objects.requireNonNull(to.manifests.get("wrapped@1"))).path("layers");
    assertThat(layers)
        .allMatch(l -> l.path("mediaType").asText().endsWith("tar.gzip"))
        .allMatch(
            l -> {
              byte[] blob = to.blobs.get(l.path("digest").asText());
              return blob != null && blob.length == l.path("size").asLong();
            });
    byte[] first =
        java.util.Objects.requireNonNull(to.blobs.get(layers.path(0).path("digest").asText()));
    assertThat(new GZIPInputStream(new ByteArrayInputStream(first)).readAllBytes())
        .isEqualTo(large);
    // The same today and on any machine.
    assertThat(run(source, null).digest()).isEqualTo(built.digest());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_534, 65_535, 65_536, 131_070, 200_000})
  void storedStreamOfAnySizeIsWhatAnyGzipReads(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    byte[] stored = new StoredGzipStream(new ByteArrayInputStream(bytes), size).readAllBytes();

    assertThat(stored).hasSize((int) StoredGzipStream.length(size));
    assertThat(new GZIPInputStream(new ByteArrayInputStream(stored)).readAllBytes())
        .isEqualTo(bytes);
  }

  @Test
  void layerThatIsNotTheConfigurationsIsRefused() throws IOException {
    String source = archive("/", tar(BASE));
    Path file = folder.resolve("image.tar");
    byte[] bytes = Files.readAllBytes(file);
    bytes[512 + 600] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(() -> run(source, null))
        .hasMessageContaining("is not the one of its configuration");
    assertThat(to.deliveries()).isEmpty();
  }
}
