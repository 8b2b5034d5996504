package io.contractbuilder.local;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import io.contractbuilder.local.functions.ProcessRecord;
import io.contractbuilder.local.rootfs.Trees;
import io.contractbuilder.local.sandbox.ContainerRuntime;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The platform's folder: its lock, its user and password, its address, its run folder. */
final class PlatformFolder implements AutoCloseable {
  private static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OUR_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final String USER = "admin";
  private static final int PASSWORD_BYTES = 24;
  private final Path folder;
  private final FileChannel lockFile;
  private final SecureRandom random = new SecureRandom();
  private @Nullable Path run;

  private PlatformFolder(Path folder, FileChannel lockFile) {
    this.folder = folder;
    this.lockFile = lockFile;
  }

  static PlatformFolder lock(Path state) throws IOException {
    Path folder = state.resolve("platform");
    Files.createDirectories(state);
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder, OURS);
    }
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            OUR_FILE);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Another platform of this very process.
      lock = null;
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new PlatformException(
          "start on " + state,
          "a platform runs on this state folder already",
          "Use it, end it, or set another state folder (CONTRACT_BUILDER_STATE)",
          false,
          null);
    }
    return new PlatformFolder(folder, channel);
  }

  /** A folder in it, made where it is missing. */
  Path folder(String name) throws IOException {
    Path path = folder.resolve(name);
    if (!Files.isDirectory(path)) {
      Files.createDirectory(path, OURS);
    }
    return path;
  }

  String user() throws IOException {
    Path file = folder.resolve("user");
    if (!Files.exists(file)) {
      write(file, USER);
    }
    return Files.readString(file).strip();
  }

  Secret password() throws IOException {
    Path file = folder.resolve("password");
    if (!Files.exists(file)) {
      byte[] bytes = new byte[PASSWORD_BYTES];
      random.nextBytes(bytes);
      write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
    return new Secret(Files.readString(file).strip());
  }

  void announce(URI gateway) throws IOException {
    write(
        folder.resolve("gateway.json"),
        Json.text(
            Json.object()
                .put("url", gateway.toString())
                .put("pid", ProcessHandle.current().pid())));
  }

  private static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, OUR_FILE);
    Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Ends and removes what a platform that was killed left. */
  void sweep(ContainerRuntime runtime) throws IOException {
    Files.deleteIfExists(folder.resolve("gateway.json"));
    Path pointer = folder.resolve("run");
    if (!Files.isRegularFile(pointer)) {
      return;
    }
    Path left = Path.of(Files.readString(pointer).strip());
    // The pointer is ours, but what it names may have been removed and made by somebody else.
    if (Files.isDirectory(left, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(left, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(folder))
        && String.valueOf(left.getFileName()).startsWith("cb-")) {
      try (DirectoryStream<Path> instances = Files.newDirectoryStream(left)) {
        for (Path instance : instances) {
          ProcessRecord.end(instance);
        }
      }
      runtime.sweep(left);
      Trees.delete(left);
    }
    Files.delete(pointer);
  }

  /** A new folder with a short path for sockets and running containers. */
  Path runFolder(Path parent) throws IOException {
    while (run == null) {
      Path candidate = parent.resolve("cb-%08x".formatted(random.nextInt()));
      write(folder.resolve("run"), candidate.toString());
      try {
        run = Files.createDirectory(candidate, OURS);
      } catch (FileAlreadyExistsException e) {
        // Somebody else's; the next name is as good.
        Files.deleteIfExists(folder.resolve("run"));
      }
    }
    return run;
  }

  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(folder.resolve("gateway.json"));
      if (run != null) {
        Trees.delete(run);
        Files.deleteIfExists(folder.resolve("run"));
      }
    } finally {
      lockFile.close();
    }
  }
}
