package io.contractbuilder.local.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** The secrets' values, one file each (0600) in a folder of ours (0700). */
public final class SecretStore {
  private static final int LONGEST_NAME = 253;
  private static final int LONGEST_VALUE = 1 << 20;
  private final Path folder;

  public SecretStore(Path folder) {
    this.folder = folder;
  }

  /** The names, sorted. */
  public List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(f -> String.valueOf(f.getFileName()))
          .filter(n -> !n.startsWith("."))
          .sorted()
          .toList();
    }
  }

  boolean has(String name) {
    return isName(name) && Files.isRegularFile(folder.resolve(name));
  }

  /** Makes a secret or gives it another value. */
  void put(String name, byte[] value) throws IOException, Refused {
    check(name);
    if (value.length > LONGEST_VALUE) {
      throw new Refused(400, "secret " + name + ": more than 1 MiB");
    }
    Path fresh =
        Files.createTempFile(
            folder,
            ".new",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(fresh, value);
      Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Removes a secret. */
  public void delete(String name) throws IOException, Refused {
    check(name);
    if (!Files.deleteIfExists(folder.resolve(name))) {
      throw new Refused(
          500,
          "remove " + FunctionDeployment.NAMESPACE + "/" + name + ": no such file or directory");
    }
  }

  /**
   * Copies a secret to where a function reads it.
   *
   * @throws NoSuchFileException if it is gone
   */
  void copy(String name, Path target) throws IOException {
    Path file = target.resolve(name);
    byte[] value = Files.readAllBytes(folder.resolve(name));
    Path fresh = target.resolve(".new-" + name);
    Files.deleteIfExists(fresh);
    Files.write(fresh, value);
    // The folder above it is ours alone; in the container its reader is uid 1000.
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("r--r--r--"));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST_NAME
        && !name.startsWith(".")
        && name.indexOf('/') < 0
        && name.indexOf('\0') < 0;
  }

  private static void check(String name) throws Refused {
    if (name.isEmpty()) {
      throw new Refused(400, "non-empty name is required");
    }
    if (!isName(name)) {
      throw new Refused(400, "directory traversal found in name");
    }
  }
}
