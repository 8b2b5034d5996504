package io.contractbuilder.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Writes a file whole or not at all, also where the machine stops meanwhile: to another name,
 * flushed, renamed, the folder flushed.
 */
public final class WholeFile {
  /** What such files end in while they are written; they begin with a dot. */
  public static final String UNFINISHED = ".writing";

  private WholeFile() {}

  /** Is given the new file before anybody can see it under its name. */
  public interface Finish {
    /** Does nothing. */
    Finish NONE = file -> {};

    void apply(Path file) throws IOException;
  }

  /**
   * Writes a file, and removes what a process that was killed meanwhile left of it.
   *
   * @param file in a folder that exists
   * @param mode as {@code rw-r--r--}
   */
  public static void write(Path file, byte[] content, String mode, Finish finish)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is no file's name");
    }
    String begin = "." + file.getFileName() + ".";
    Path unfinished = folder.resolve(begin + UUID.randomUUID() + UNFINISHED);
    try {
      removeUnfinished(folder, begin);
      fill(unfinished, content, PosixFilePermissions.fromString(mode));
      finish.apply(unfinished);
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    flush(folder);
  }

  /**
   * What a killed process left of the same file. One that only sleeps finds its own gone, and does
   * not overwrite what was written since.
   */
  private static void removeUnfinished(Path folder, String begin) throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            folder,
            entry -> {
              String name = String.valueOf(entry.getFileName());
              return name.startsWith(begin) && name.endsWith(UNFINISHED);
            })) {
      for (Path one : left) {
        Files.deleteIfExists(one);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static void fill(Path file, byte[] content, Set<PosixFilePermission> mode)
      throws IOException {
    // Nobody else may read it before it has its mode, whatever the umask.
    var closed = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), closed)) {
      var buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      Files.setPosixFilePermissions(file, mode);
      channel.force(true);
    }
  }

  /** Makes what was done to a folder's entries last. */
  public static void flush(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
