package io.contractbuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLayerTest {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> FILES = List.of("a/one", "a/ü", "b", "a.b/two");

  @TempDir private Path temporary;

  /** Made in the given order. */
  private Path folder(String name, List<String> files, long nanoseconds) throws IOException {
    Path folder = temporary.resolve(name);
    for (String file : files) {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "of " + file);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    }
    Files.createSymbolicLink(folder.resolve("link"), Path.of("a/one"));
    touch(folder, nanoseconds);
    return folder;
  }

  private static void touch(Path folder, long nanoseconds) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path path : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
        Files.setLastModifiedTime(path, FileTime.from(TIME.plusNanos(nanoseconds)));
        if (Files.isDirectory(path)) {
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
      }
    }
    var link =
        Files.getFileAttributeView(
            folder.resolve("link"),
            java.nio.file.attribute.BasicFileAttributeView.class,
            java.nio.file.LinkOption.NOFOLLOW_LINKS);
    link.setTimes(FileTime.from(TIME.plusNanos(nanoseconds)), null, null);
  }

  private static FolderLayer layer(Path folder) throws IOException {
    return FolderLayer.write(folder, OutputStream.nullOutputStream());
  }

  @Test
  void equalFoldersGiveEqualLayersWhereverAndInWhicheverOrderTheyWereMade() throws IOException {
    FolderLayer one = layer(folder("one", FILES, 0));
    FolderLayer other = layer(folder("deeper/other", FILES.reversed(), 999_999_999));
    assertThat(other).isEqualTo(one);
  }

  @Test
  void aModeOrATimeMakesAnotherLayer() throws IOException {
    Path folder = folder("one", FILES, 0);
    FolderLayer before = layer(folder);
    Files.setPosixFilePermissions(
        folder.resolve("b"), PosixFilePermissions.fromString("rwxr-xr-x"));
    FolderLayer executable = layer(folder);
    assertThat(executable.diffId()).isNotEqualTo(before.diffId());
    touch(folder, 1_000_000_000);
    assertThat(layer(folder).diffId()).isNotEqualTo(executable.diffId());
  }

  @Test
  void allIsRootsAndItsDigestIsThatOfItsBytes() throws IOException {
    var out = new ByteArrayOutputStream();
    FolderLayer layer = FolderLayer.write(folder("one", FILES, 0), out);
    assertThat(Descriptor.of(MediaTypes.OCI_LAYER_GZIP, out.toByteArray()))
        .isEqualTo(layer.descriptor());
    var names = new java.util.ArrayList<String>();
    try (var tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())), "UTF-8")) {
      for (TarArchiveEntry one = tar.getNextEntry(); one != null; one = tar.getNextEntry()) {
        names.add(one.getName());
        assertThat(one.getLongUserId() + one.getLongGroupId()).as(one.getName()).isZero();
      }
    }
    assertThat(names).containsExactly("a/", "a.b/", "a.b/two", "a/one", "a/ü", "b", "link");
  }

  @Test
  void aProgramThatWouldRunAsAnotherUserIsRefused() throws IOException {
    Path folder = folder("one", FILES, 0);
    Files.setAttribute(folder.resolve("b"), "unix:mode", 04755);
    assertThatThrownBy(() -> layer(folder)).hasMessageContaining("may not be in an image");
  }
}
