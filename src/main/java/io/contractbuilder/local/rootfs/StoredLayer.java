package io.contractbuilder.local.rootfs;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A layer that was read once: the content of its n-th entry under the name {@code n}, and the list
 * of its entries. No name of the layer's choice is used here; trees link to these files.
 */
final class StoredLayer {
  private static final String ENTRIES = "entries";
  private static final int BUFFER = 1 << 16;
  private final Path folder;

  StoredLayer(Path folder) {
    this.folder = folder;
  }

  /** The content and permissions of the file that is the n-th entry. */
  Path file(int n) {
    return folder.resolve(Integer.toString(n));
  }

  /** The entries in the layer's order, {@code true} before each and {@code false} at the end. */
  DataInputStream entries() throws IOException {
    return new DataInputStream(
        new BufferedInputStream(Files.newInputStream(folder.resolve(ENTRIES)), BUFFER));
  }

  /**
   * Reads a layer into an empty folder. Devices and pipes are left out, set-user-id bits dropped.
   *
   * @param stored a tar, plain or by gzip, as the layer is stored; read to its end, so that its
   *     digest is checked
   * @param budget what the layers of an image may have together
   * @throws UnpackException if it is no layer, or more than is allowed
   */
  static StoredLayer read(Path folder, InputStream stored, Ownership ownership, Budget budget)
      throws IOException, UnpackException {
    BufferedInputStream buffered = new BufferedInputStream(stored, BUFFER);
    StoredLayer layer = new StoredLayer(folder);
    try (BoundedHeaders bounded = new BoundedHeaders(plain(buffered));
        TarArchiveInputStream tar = new TarArchiveInputStream(bounded);
        DataOutputStream list =
            new DataOutputStream(
                new BufferedOutputStream(
                    Files.newOutputStream(folder.resolve(ENTRIES), StandardOpenOption.CREATE_NEW),
                    BUFFER))) {
      byte[] buffer = new byte[BUFFER];
      int n = 0;
      for (TarArchiveEntry e = next(tar); e != null; e = next(tar)) {
        budget.take(e.getName(), e.getSize() + bounded.headers());
        bounded.entry(e.getSize());
        if (e.isCharacterDevice() || e.isBlockDevice() || e.isFIFO()) {
          continue;
        }
        LayerEntry entry = entry(e);
        if (entry.kind() == LayerEntry.Kind.FILE) {
          layer.write(n, tar, e, entry, ownership, buffer);
        }
        // Each entry is announced, so that a list that was cut is never taken for a whole one.
        list.writeBoolean(true);
        entry.write(list);
        n++;
      }
      list.writeBoolean(false);
      buffered.transferTo(OutputStream.nullOutputStream());
    }
    return layer;
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws UnpackException {
    try {
      return tar.getNextEntry();
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      throw broken(e);
    }
  }

  private static int read(TarArchiveInputStream tar, byte[] buffer) throws UnpackException {
    try {
      return tar.read(buffer);
    } catch (IOException | ArithmeticException e) {
      throw broken(e);
    }
  }

  private static UnpackException broken(Exception e) {
    return new UnpackException(
        "a layer that is no proper tar, plain or by gzip ("
            + e.getMessage()
            + "); build and push the image again");
  }

  private static LayerEntry entry(TarArchiveEntry e) throws UnpackException {
    LayerEntry.Kind kind;
    if (e.isDirectory()) {
      kind = LayerEntry.Kind.FOLDER;
    } else if (e.isSymbolicLink()) {
      kind = LayerEntry.Kind.SYMBOLIC_LINK;
    } else if (e.isLink()) {
      kind = LayerEntry.Kind.HARD_LINK;
    } else if (e.isFile() && !e.isSparse()) {
      kind = LayerEntry.Kind.FILE;
    } else {
      throw new UnpackException(e.getName() + ": a kind of entry that is not supported");
    }
    boolean link = kind == LayerEntry.Kind.SYMBOLIC_LINK || kind == LayerEntry.Kind.HARD_LINK;
    return new LayerEntry(
        kind,
        e.getName(),
        link ? e.getLinkName() : "",
        e.getMode() & 01777,
        (int) e.getLongUserId(),
        (int) e.getLongGroupId(),
        kind == LayerEntry.Kind.FILE ? e.getSize() : 0);
  }

  private void write(
      int n,
      TarArchiveInputStream tar,
      TarArchiveEntry tarEntry,
      LayerEntry entry,
      Ownership ownership,
      byte[] buffer)
      throws IOException, UnpackException {
    Path file = file(n);
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int read = read(tar, buffer); read >= 0; read = read(tar, buffer)) {
        out.write(buffer, 0, read);
      }
    }
    // Python, for one, takes its compiled files by the time of their source.
    Files.setLastModifiedTime(file, FileTime.from(tarEntry.getLastModifiedTime().toInstant()));
    ownership.own(entry, file);
    ownership.mode(entry.mode(), file, 0400);
  }

  private static InputStream plain(BufferedInputStream in) throws IOException, UnpackException {
    in.mark(8);
    byte[] start = in.readNBytes(4);
    in.reset();
    if (start.length >= 2 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
      try {
        return new GZIPInputStream(new NeverDry(in), BUFFER);
      } catch (ZipException | EOFException e) {
        throw broken(e);
      }
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

  /** GZIPInputStream looks for a further member only where more is said to be there. */
  private static final class NeverDry extends FilterInputStream {
    NeverDry(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 1;
    }
  }
}
