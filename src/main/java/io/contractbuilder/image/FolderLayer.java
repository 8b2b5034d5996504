package io.contractbuilder.image;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.crypto.NativeCrypto;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A folder as a layer: its files, folders and symbolic links in the order of their names, with
 * their modes and times (whole seconds), all root's. Equal folders give equal layers.
 *
 * @param descriptor of the layer, a tar in gzip
 * @param diffId the digest of the tar
 */
public record FolderLayer(Descriptor descriptor, Digest diffId) {
  private static final int SETUID_OR_SETGID = 06000;

  /**
   * Writes one.
   *
   * @param out stays open
   * @throws IOException also for what is neither file, folder nor link, and for a program that
   *     would run as another user
   */
  public static FolderLayer write(Path folder, OutputStream out) throws IOException {
    MessageDigest digest = NativeCrypto.sha256();
    MessageDigest diffId = NativeCrypto.sha256();
    var counted = new Counted(new DigestOutputStream(out, digest));
    try (var tar =
        new TarArchiveOutputStream(
            new DigestOutputStream(new GZIPOutputStream(counted, 1 << 16), diffId), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (Path path : below(folder)) {
        add(tar, folder, path);
      }
    }
    return new FolderLayer(
        new Descriptor(MediaTypes.OCI_LAYER_GZIP, Digest.of(digest), counted.count),
        Digest.of(diffId));
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> !path.equals(folder)).sorted().toList();
    }
  }

  private static void add(TarArchiveOutputStream tar, Path folder, Path path) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    String name = folder.relativize(path).toString();
    TarArchiveEntry entry;
    if (attributes.isSymbolicLink()) {
      entry = new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
      mode = 0777;
    } else if (attributes.isDirectory()) {
      entry = new TarArchiveEntry(name + "/");
    } else if (attributes.isRegularFile() && (mode & SETUID_OR_SETGID) == 0) {
      entry = new TarArchiveEntry(name);
      entry.setSize(attributes.size());
    } else {
      throw new IOException(
          path + " may not be in an image (mode " + Integer.toOctalString(mode) + ")");
    }
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setLastModifiedTime(
        FileTime.from(attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.SECONDS)));
    tar.putArchiveEntry(entry);
    if (attributes.isRegularFile()) {
      Files.copy(path, tar);
    }
    tar.closeArchiveEntry();
  }

  private static final class Counted extends FilterOutputStream {
    private long count;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      count += length;
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
