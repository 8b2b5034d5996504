package io.contractbuilder.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps apart, among threads and processes, those who add to a layout (many at a time) and those
 * who remove from it (one alone): a blob that is found there must still be there when a manifest
 * that needs it is named.
 */
final class LayoutLocks {
  private static final Map<Path, LayoutLocks> OF_FOLDER = new ConcurrentHashMap<>();
  private final Path file;
  private final ReentrantReadWriteLock threads = new ReentrantReadWriteLock(true);
  private int adding;
  private @Nullable FileChannel channel;
  private @Nullable FileLock lock;

  private LayoutLocks(Path file) {
    this.file = file;
  }

  /** The locks of a folder, which is there. */
  static LayoutLocks of(Path folder) throws IOException {
    Path real = folder.toRealPath();
    return OF_FOLDER.computeIfAbsent(real, f -> new LayoutLocks(f.resolve(".lock")));
  }

  /** Something that is done under a lock. */
  interface Action<T> {
    T run() throws IOException;
  }

  /** Beside others who add. */
  <T> T adding(Action<T> action) throws IOException {
    threads.readLock().lock();
    try {
      enter();
      try {
        return action.run();
      } finally {
        leave();
      }
    } finally {
      threads.readLock().unlock();
    }
  }

  /** A process holds one shared lock for all of its threads: Java allows it no second. */
  private synchronized void enter() throws IOException {
    if (adding == 0) {
      take(true);
    }
    adding++;
  }

  private synchronized void leave() throws IOException {
    adding--;
    if (adding == 0) {
      release();
    }
  }

  /** Alone. */
  <T> T alone(Action<T> action) throws IOException {
    threads.writeLock().lock();
    try {
      synchronized (this) {
        take(false);
        try {
          return action.run();
        } finally {
          release();
        }
      }
    } finally {
      threads.writeLock().unlock();
    }
  }

  /** The index is changed by one at a time. */
  synchronized <T> T changingIndex(Action<T> action) throws IOException {
    Path index = file.resolveSibling(".lock-index");
    try (FileChannel other = open(index);
        FileLock held = other.lock()) {
      if (!held.isValid()) {
        throw new IOException("the lock " + index + " cannot be held");
      }
      return action.run();
    }
  }

  private void take(boolean shared) throws IOException {
    FileChannel opened = open(file);
    channel = opened;
    lock = opened.lock(0, Long.MAX_VALUE, shared);
  }

  private void release() throws IOException {
    if (lock != null) {
      lock.release();
      lock = null;
    }
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    if (!Files.exists(file)) {
      return FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
