package io.contractbuilder.local.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackerTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  private Path root = Path.of("/nowhere");
  private Path outside = Path.of("/nowhere");

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    outside = Files.createDirectory(temp.resolve("outside"));
  }

  @Test
  void filesFoldersAndLinksAppear() throws Exception {
    unpacker()
        .add(
            new Tar()
                .folder("etc/")
                .file("etc/motd", "hello")
                .symlink("etc/link", "motd")
                .hardlink("etc/hard", "etc/motd")
                .in());
    assertThat(root.resolve("etc/motd")).hasContent("hello");
    assertThat(root.resolve("etc/hard")).hasContent("hello");
    assertThat(Files.readSymbolicLink(root.resolve("etc/link"))).hasToString("motd");
  }

  @Test
  void gzipIsSeenByItsFirstBytes() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new Tar().file("a", "x").bytes());
    }
    unpacker().add(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(root.resolve("a")).hasContent("x");
  }

  @Test
  void zstdIsRefusedByName() {
    byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0};
    assertThatThrownBy(() -> unpacker().add(new ByteArrayInputStream(zstd)))
        .isInstanceOf(UnpackException.class)
        .hasMessageContaining("zstd");
  }

  @Test
  void aNameThatLeavesTheRootIsRefused() {
    assertThatThrownBy(() -> unpacker().add(new Tar().file("a/../../outside/f", "x").in()))
        .isInstanceOf(UnpackException.class)
        .hasMessageContaining("leaves the root");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void anAbsoluteNameIsTakenFromTheRoot() throws Exception {
    unpacker().add(new Tar().file("/etc/passwd", "mine").in());
    assertThat(root.resolve("etc/passwd")).hasContent("mine");
  }

  @Test
  void nothingIsWrittenThroughALinkToTheOutside() throws Exception {
    unpacker()
        .add(
            new Tar()
                .symlink("up", "../outside")
                .file("up/f", "x")
                .symlink("abs", outside.toString())
                .file("abs/g", "y")
                .in());
    assertThat(outside).isEmptyDirectory();
    assertThat(root.resolve("outside/f")).hasContent("x");
  }

  @Test
  void aLinkUnderTheNameOfAFileIsReplacedNotFollowed() throws Exception {
    Path victim = Files.writeString(outside.resolve("victim"), "before");
    unpacker().add(new Tar().symlink("f", victim.toString()).file("f", "after").in());
    assertThat(victim).hasContent("before");
    assertThat(Files.isSymbolicLink(root.resolve("f"))).isFalse();
    assertThat(root.resolve("f")).hasContent("after");
  }

  @Test
  void aLinkedFolderOfALowerLayerIsWrittenInsideTheRoot() throws Exception {
    Layers unpacker = unpacker();
    unpacker.add(new Tar().folder("usr/bin/").symlink("bin", "/usr/bin").in());
    unpacker.add(new Tar().file("bin/sh", "shell").in());
    assertThat(root.resolve("usr/bin/sh")).hasContent("shell");
  }

  @Test
  void linksInACircleAreRefused() {
    assertThatThrownBy(
            () ->
                unpacker().add(new Tar().symlink("a", "b").symlink("b", "a").file("a/f", "").in()))
        .isInstanceOf(UnpackException.class)
        .hasMessageContaining("too many symbolic links");
  }

  @Test
  void aHardLinkToTheOutsideIsRefused() throws IOException {
    Files.writeString(outside.resolve("secret"), "s");
    assertThatThrownBy(() -> unpacker().add(new Tar().hardlink("h", "../outside/secret").in()))
        .isInstanceOf(UnpackException.class);
    assertThatThrownBy(
            () ->
                unpacker()
                    .add(
                        new Tar()
                            .symlink("l", outside.resolve("secret").toString())
                            .hardlink("h", "l")
                            .in()))
        .isInstanceOf(UnpackException.class)
        .hasMessageContaining("hard link");
    assertThat(root.resolve("h")).doesNotExist();
  }

  @Test
  void devicesAndPipesAreLeftOut() throws Exception {
    unpacker()
        .add(
            new Tar()
                .of("null", TarConstants.LF_CHR)
                .of("disk", TarConstants.LF_BLK)
                .of("pipe", TarConstants.LF_FIFO)
                .file("f", "x")
                .in());
    assertThat(root.toFile().list()).containsExactly("f");
  }

  @Test
  void setUserIdIsDropped() throws Exception {
    unpacker().add(new Tar().file("su", "x", 04755).in());
    Integer mode = (Integer) Files.getAttribute(root.resolve("su"), "unix:mode");
    assertThat(mode & 07777).isEqualTo(0755);
  }

  @Test
  void aWhiteoutHidesWhatIsBelow() throws Exception {
    Layers unpacker = unpacker();
    unpacker.add(new Tar().file("d/a", "1").file("d/b", "2").in());
    unpacker.add(new Tar().file("d/.wh.a", "").in());
    assertThat(root.resolve("d").toFile().list()).containsExactly("b");
  }

  @Test
  void anOpaqueFolderKeepsItsOwnLayersFilesOnly() throws Exception {
    Layers unpacker = unpacker();
    unpacker.add(new Tar().file("d/old", "1").in());
    unpacker.add(new Tar().file("d/new", "2").file("d/.wh..wh..opq", "").in());
    assertThat(root.resolve("d").toFile().list()).containsExactly("new");
  }

  @Test
  void aWhiteoutOfNoFileIsRefused() {
    for (String name : new String[] {"d/.wh.", "d/.wh...", "d/.wh.."}) {
      assertThatThrownBy(() -> unpacker().add(new Tar().file(name, "").in()))
          .isInstanceOf(UnpackException.class);
    }
  }

  @Test
  void sizesAndNumbersAreCapped() {
    assertThatThrownBy(() -> new Layers(10, 10).add(new Tar().file("f", "12345678901").in()))
        .isInstanceOf(UnpackException.class)
        .hasMessageContaining("larger");
    assertThatThrownBy(() -> new Layers(5000, 1).add(new Tar().file("a", "").file("b", "").in()))
        .isInstanceOf(UnpackException.class)
        .hasMessageContaining("entries");
  }

  @Test
  void aFolderThatForbidsEverythingIsRemovedAgain() throws Exception {
    unpacker().add(new Tar().of("d/", TarConstants.LF_DIR).file("d/f", "x").in());
    Files.setAttribute(root.resolve("d"), "unix:mode", 0);
    Trees.delete(root);
    assertThat(Files.exists(root, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  private Layers unpacker() {
    return new Layers(1 << 20, 1000);
  }

  /** Reads layers and puts them on top of each other. */
  private final class Layers {
    private final Budget reading;
    private final Unpacker unpacker;

    Layers(long bytes, long entries) {
      this.reading = new Budget(bytes, entries);
      this.unpacker =
          new Unpacker(root, new Ownership(false), new Budget(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    void add(InputStream layer) throws IOException, UnpackException {
      Path folder = Files.createTempDirectory(temp, "layer");
      unpacker.add(StoredLayer.read(folder, layer, new Ownership(false), reading));
    }
  }

  private static final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

    Tar file(String name, String text) throws IOException {
      return file(name, text, 0644);
    }

    Tar file(String name, String text, int mode) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, true);
      entry.setMode(mode);
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    }

    Tar folder(String name) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, true);
      entry.setMode(0755);
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
      return this;
    }

    Tar symlink(String name, String target) throws IOException {
      return link(name, target, TarConstants.LF_SYMLINK);
    }

    Tar hardlink(String name, String target) throws IOException {
      return link(name, target, TarConstants.LF_LINK);
    }

    private Tar link(String name, String target, byte type) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, type);
      entry.setLinkName(target);
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
      return this;
    }

    Tar of(String name, byte type) throws IOException {
      tar.putArchiveEntry(new TarArchiveEntry(name, type));
      tar.closeArchiveEntry();
      return this;
    }

    byte[] bytes() throws IOException {
      tar.close();
      return bytes.toByteArray();
    }

    ByteArrayInputStream in() throws IOException {
      return new ByteArrayInputStream(bytes());
    }
  }
}
