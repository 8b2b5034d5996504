package io.contractbuilder.local.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layers, bent at random: they are unpacked or refused, and nothing comes to be outside. */
@Timeout(600)
class LayerFuzzTest {
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
  private static final int TIMES =
      "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY")) ? 30_000 : 300;
  private static final List<String> WORDS =
      List.of("..", "../..", "/etc", "a/../..", "up", "abs/x", ".wh.", ".wh..wh..opq", ".", "\0");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  @Test
  void layersAreUnpackedOrRefused() throws IOException {
    System.out.println("fuzz.seed=" + SEED);
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "s");
    byte[] tar = tar(outside);
    for (int i = 0; i < TIMES; i++) {
      Path layer = Files.createDirectory(temp.resolve("layer"));
      Path root = Files.createDirectory(temp.resolve("root"));
      try {
        var budget = new Budget(1 << 20, 100);
        var stored =
            StoredLayer.read(
                layer, new ByteArrayInputStream(bent(tar)), new Ownership(false), budget);
        new Unpacker(root, new Ownership(false), new Budget(1 << 20, 100)).add(stored);
      } catch (UnpackException e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (FileSystemException e) {
        // A name that no file can have: too long, or a folder's where a file is.
        assertThat(e.getFile()).startsWith(temp.toString());
      }
      Trees.delete(layer);
      Trees.delete(root);
      assertThat(temp.toFile().list()).containsExactly("outside");
      assertThat(outside.toFile().list()).containsExactly("secret");
      assertThat(outside.resolve("secret")).hasContent("s");
    }
  }

  private static byte[] tar(Path outside) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      put(tar, "etc/", TarConstants.LF_DIR, "");
      put(tar, "up", TarConstants.LF_SYMLINK, "../outside");
      put(tar, "abs", TarConstants.LF_SYMLINK, outside.toString());
      put(tar, "up/secret", TarConstants.LF_NORMAL, "");
      put(tar, "hard", TarConstants.LF_LINK, "up/secret");
      put(tar, "x".repeat(150) + "/f", TarConstants.LF_NORMAL, "");
      put(tar, "etc/.wh.f", TarConstants.LF_NORMAL, "");
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, String name, byte type, String link)
      throws IOException {
    var entry = new TarArchiveEntry(name, type);
    entry.setLinkName(link);
    byte[] content = type == TarConstants.LF_NORMAL ? name.getBytes(StandardCharsets.UTF_8) : null;
    entry.setSize(content == null ? 0 : content.length);
    tar.putArchiveEntry(entry);
    if (content != null) {
      tar.write(content);
    }
    tar.closeArchiveEntry();
  }

  private byte[] bent(byte[] tar) throws IOException {
    byte[] bent = tar.clone();
    for (int i = random.nextInt(6); i >= 0; i--) {
      int header = random.nextInt(tar.length / 512) * 512;
      switch (random.nextInt(4)) {
        case 0 -> bent[random.nextInt(bent.length)] = (byte) random.nextInt();
        case 1 -> bent[header + 156] = (byte) "0123456L KxgS7".charAt(random.nextInt(14));
        case 2 -> word(bent, header);
        default -> word(bent, header + 157);
      }
    }
    if (random.nextInt(4) > 0) {
      return bent;
    }
    var gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(bent);
    }
    byte[] packed = gzip.toByteArray();
    packed[random.nextInt(packed.length)] ^= (byte) random.nextInt(2);
    return packed;
  }

  private void word(byte[] tar, int at) {
    byte[] word = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(word, 0, tar, at, word.length);
    tar[at + word.length] = 0;
  }
}
