package io.contractbuilder.local.rootfs;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the layers of one image on top of each other in a folder (OCI image specification, "Image
 * Layer Filesystem Changeset"). Layers are hostile until checked: nothing is written outside the
 * folder, devices and pipes are left out, set-user-id bits are dropped, sizes are capped.
 */
final class Unpacker {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private final Path root;
  private final ScopedPaths paths;
  private final boolean keepOwners;
  private long bytesLeft;
  private long entriesLeft;

  /**
   * @param root an empty folder that nobody else writes to
   * @param keepOwners whether files get the owners in the layers; asks for root
   * @param mostBytes of all files together, over all layers
   * @param mostEntries over all layers
   */
  Unpacker(Path root, boolean keepOwners, long mostBytes, long mostEntries) {
    this.root = root;
    this.paths = new ScopedPaths(root);
    this.keepOwners = keepOwners;
    this.bytesLeft = mostBytes;
    this.entriesLeft = mostEntries;
  }

  /**
   * Adds a layer: a tar, plain or by gzip.
   *
   * @param stored as the layer is stored; read to its end, so that a digest is checked
   */
  void add(InputStream stored) throws IOException, UnpackException {
    BufferedInputStream buffered = new BufferedInputStream(stored, 1 << 16);
    Set<Path> mine = new HashSet<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(plain(buffered))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        if (--entriesLeft < 0) {
          throw new UnpackException("more entries than are allowed");
        }
        try {
          add(tar, e, mine);
        } catch (InvalidPathException bad) {
          throw new UnpackException("an entry's name cannot be a file's");
        }
      }
      drain(buffered);
    } catch (IllegalArgumentException e) {
      throw new IOException("not a proper tar: " + e.getMessage(), e);
    }
  }

  private static void drain(InputStream in) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  private static InputStream plain(BufferedInputStream in) throws IOException, UnpackException {
    in.mark(8);
    byte[] start = in.readNBytes(4);
    in.reset();
    if (start.length >= 2 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
      return new GZIPInputStream(in, 1 << 16);
    }
    if (start.length == 4
        && start[0] == 0x28
        && start[1] == (byte) 0xb5
        && start[2] == 0x2f
        && start[3] == (byte) 0xfd) {
      throw new UnpackException(
          "the layer is compressed with zstd, which the local platform cannot read; push the image"
              + " with gzip layers");
    }
    return in;
  }

  private void add(TarArchiveInputStream tar, TarArchiveEntry entry, Set<Path> mine)
      throws IOException, UnpackException {
    String name = entry.getName();
    Path place = paths.place(name);
    if (place == null) {
      return;
    }
    String last = String.valueOf(place.getFileName());
    if (last.equals(OPAQUE)) {
      emptyOfLower(parent(place), mine);
    } else if (last.startsWith(WHITEOUT)) {
      Path hidden = parent(place).resolve(last.substring(WHITEOUT.length())).normalize();
      if (!parent(place).equals(hidden.getParent())) {
        throw new UnpackException(name + ": a whiteout of no file");
      }
      Trees.delete(hidden);
    } else if (make(tar, entry, place)) {
      for (Path p = place; p != null && !p.equals(root); p = p.getParent()) {
        mine.add(p);
      }
    }
  }

  private Path parent(Path place) {
    Path parent = place.getParent();
    return parent == null ? root : parent;
  }

  private static void emptyOfLower(Path folder, Set<Path> mine) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        if (!mine.contains(child)) {
          Trees.delete(child);
        }
      }
    }
  }

  private boolean make(TarArchiveInputStream tar, TarArchiveEntry entry, Path place)
      throws IOException, UnpackException {
    if (entry.isDirectory()) {
      if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        Trees.delete(place);
        Files.createDirectory(place);
      }
      own(entry, place);
      mode(entry.getMode(), place, 0700);
      return true;
    }
    if (entry.isSymbolicLink()) {
      Trees.delete(place);
      Files.createSymbolicLink(place, Path.of(entry.getLinkName()));
      own(entry, place);
      return true;
    }
    if (entry.isLink()) {
      Path target = linkTarget(entry);
      if (target.equals(place)) {
        return true;
      }
      Trees.delete(place);
      Files.createLink(place, target);
      return true;
    }
    if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
      return false;
    }
    if (!entry.isFile() || entry.isSparse()) {
      throw new UnpackException(entry.getName() + ": a kind of entry that is not supported");
    }
    Trees.delete(place);
    write(tar, entry, place);
    own(entry, place);
    mode(entry.getMode(), place, 0400);
    return true;
  }

  private Path linkTarget(TarArchiveEntry entry) throws IOException, UnpackException {
    @Nullable Path target = paths.place(entry.getLinkName());
    if (target == null || !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnpackException(entry.getName() + ": a hard link to what is no file of this image");
    }
    return target;
  }

  private void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path place)
      throws IOException, UnpackException {
    bytesLeft -= entry.getSize();
    if (bytesLeft < 0) {
      throw new UnpackException(entry.getName() + ": the image is larger than is allowed");
    }
    try (OutputStream out =
        Files.newOutputStream(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      tar.transferTo(out);
    }
  }

  private void own(TarArchiveEntry entry, Path place) throws IOException {
    if (keepOwners) {
      Files.setAttribute(place, "unix:uid", (int) entry.getLongUserId(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(
          place, "unix:gid", (int) entry.getLongGroupId(), LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** An ordinary user must be able to read and remove again what it has unpacked. */
  private void mode(int mode, Path place, int atLeast) throws IOException {
    int kept = mode & 01777;
    Files.setAttribute(place, "unix:mode", keepOwners ? kept : kept | atLeast);
  }
}
