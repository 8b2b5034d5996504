package io.contractbuilder.app;

import io.contractbuilder.storage.StorageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** The key of task identities, where there is no chain whose key could be used: 32 random bytes. */
final class IdentityKey {
  private static final int BYTES = 32;

  private IdentityKey() {}

  /** The key in a file; made with mode 0600 if it is not there. */
  static byte[] read(Path file) {
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new StorageException(
          "file " + file,
          "reading the key of task identities",
          e.getClass().getSimpleName(),
          "Make its folder writable, or set CONTRACT_BUILDER_STATE to another one",
          false,
          e);
    }
  }

  private static void make(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    var own = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    // Whole or not at all, and never over another process's key.
    Path made = Files.createTempFile(file.toAbsolutePath().getParent(), "identity", ".new", own);
    try {
      Files.write(made, key, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      Files.createLink(file, made);
    } catch (FileAlreadyExistsException e) {
      // Another process was first; its key is the key.
    } finally {
      Files.delete(made);
    }
  }
}
