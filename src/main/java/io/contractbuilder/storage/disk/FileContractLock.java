package io.contractbuilder.storage.disk;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.storage.ContractLock;
import io.contractbuilder.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One lock file per contract; the lock ends with its process. The empty files stay: removing one
 * could let two processes hold "the" lock, on the removed file and on its successor.
 */
public final class FileContractLock implements ContractLock {
  /**
   * Locks that this process holds. POSIX locks are the process's, and closing any descriptor of a
   * file gives up all of them: nobody here may as much as open a file that is held.
   */
  private static final Set<Path> OURS = new HashSet<>();

  private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

  private final Path folder;

  /**
   * @param folder is made when it is needed
   */
  public FileContractLock(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  @Override
  public @Nullable Held acquire(ContractId id, Duration limit) throws InterruptedException {
    Path file = folder.resolve(id.value());
    long end = System.nanoTime() + limit.toNanos();
    try {
      Files.createDirectories(folder);
      // A monitor, not a sleep, so that who waits in this process goes on at once.
      synchronized (OURS) {
        while (true) {
          Held held = OURS.contains(file) ? null : tryOnce(file);
          if (held != null) {
            return held;
          }
          long left = end - System.nanoTime();
          if (left <= 0) {
            return null;
          }
          OURS.wait(Math.max(1, Math.min(left, POLL_NANOS) / 1_000_000));
        }
      }
    } catch (IOException e) {
      throw new StorageException(
          folder.toString(),
          "lock contract " + id,
          e.getClass().getSimpleName(),
          "Let this program's user write there (CONTRACT_BUILDER_STATE), on a file system with locks",
          false,
          e);
    }
  }

  private static @Nullable Held tryOnce(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      return null;
    }
    OURS.add(file);
    return () -> release(file, channel);
  }

  private static void release(Path file, FileChannel channel) {
    synchronized (OURS) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new StorageException(
            file.toString(), "unlock", e.getClass().getSimpleName(), "Check the disk", false, e);
      } finally {
        OURS.remove(file);
        OURS.notifyAll();
      }
    }
  }
}
