package io.contractbuilder.storage.disk;

import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import io.contractbuilder.storage.WholeFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files under one folder, key for path, as the chain's own disk storage keeps them.
 *
 * <p>The chain's webserver runs as uid 1000 and overwrites what is written here (chain formats,
 * §4): where this program runs as root, files and folders are given to 1000:1000.
 */
public final class DiskObjectStore implements ObjectStore {
  private static final int CHAIN_USER = 1000;
  private static final String KEYS = "KEYS/";
  private static final int TRIES = 20;

  private final Path root;

  /**
   * @param root is made when something is first written
   */
  public DiskObjectStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public byte @Nullable [] get(String key) {
    Path file = file(key);
    try {
      return Files.isDirectory(file) ? null : Files.readAllBytes(file);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    } catch (IOException e) {
      if (isBelowAFile(e)) {
        return null;
      }
      throw failure("read " + key, e);
    }
  }

  /** A key's parent may be another key's file: then there is no such object. */
  private static boolean isBelowAFile(IOException e) {
    return e instanceof FileSystemException && String.valueOf(e.getMessage()).contains("Not a dir");
  }

  @Override
  public void put(String key, byte[] value) {
    Path file = file(key);
    String mode = key.startsWith(KEYS) ? "rw-------" : "rw-r--r--";
    for (int tries = 1; ; tries++) {
      try {
        makeFolder(parent(file));
        WholeFile.write(file, value, mode, DiskObjectStore::giveToChain);
        return;
      } catch (NoSuchFileException e) {
        // Somebody removed the folder, which had become empty, just before.
        if (tries == TRIES) {
          throw failure("write " + key, e);
        }
      } catch (IOException e) {
        throw failure("write " + key, e);
      }
    }
  }

  private void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null && !folder.equals(root)) {
      makeFolder(above);
      try {
        Files.createDirectory(folder);
        giveToChain(folder);
        WholeFile.flush(above);
      } catch (FileAlreadyExistsException e) {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
          // Somebody else made it, and somebody removed it again, as it was empty.
          throw new NoSuchFileException(folder.toString());
        }
        if (!Files.isDirectory(folder)) {
          throw e;
        }
      }
    } else {
      Files.createDirectories(folder);
      giveToChain(folder);
    }
  }

  private static void giveToChain(Path path) throws IOException {
    if (Files.getAttribute(path, "unix:uid") instanceof Integer owner && owner == 0) {
      Files.setAttribute(path, "unix:uid", CHAIN_USER);
      Files.setAttribute(path, "unix:gid", CHAIN_USER);
    }
  }

  @Override
  public boolean delete(String key) {
    Path file = file(key);
    try {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) || !deleteIfThere(file)) {
        return false;
      }
      removeEmpty(parent(file));
      return true;
    } catch (IOException e) {
      throw failure("delete " + key, e);
    }
  }

  /** {@inheritDoc} Each folder is flushed once, so that ten thousand take no time. */
  @Override
  public void deleteAll(Collection<String> keys) {
    var folders = new TreeSet<Path>(Comparator.reverseOrder());
    String operation = "delete";
    try {
      for (String key : keys) {
        operation = "delete " + key;
        Path file = file(key);
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && deleteIfThere(file)) {
          folders.add(parent(file));
        }
      }
      for (Path folder : folders) {
        operation = "delete what was in " + root.relativize(folder);
        removeEmpty(folder);
      }
    } catch (IOException e) {
      throw failure(operation, e);
    }
  }

  private static boolean deleteIfThere(Path file) throws IOException {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      if (isBelowAFile(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Makes the removal last. The folders of the first level stay: the chain's own programs look into
   * them. Somebody else may be doing the same.
   */
  private void removeEmpty(Path folder) throws IOException {
    try {
      for (Path at = folder; ; at = parent(at)) {
        WholeFile.flush(at);
        if (root.relativize(at).getNameCount() <= 1) {
          return;
        }
        Files.delete(at);
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      return;
    }
  }

  @Override
  public List<String> list(String prefix) {
    Path start = startOf(prefix);
    var keys = new ArrayList<String>();
    if (!Files.isDirectory(start)) {
      return keys;
    }
    try {
      Files.walkFileTree(start, new Lister(prefix, keys));
    } catch (IOException e) {
      throw failure("list " + prefix, e);
    }
    keys.sort(null);
    return keys;
  }

  @Override
  public List<String> children(String prefix) {
    Path folder = startOf(prefix);
    var names = new ArrayList<String>();
    if (!Files.isDirectory(folder)) {
      return names;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!name.endsWith(WholeFile.UNFINISHED)) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      // It went away just now.
      return names;
    } catch (IOException e) {
      throw failure("list " + prefix, e);
    } catch (DirectoryIteratorException e) {
      throw failure("list " + prefix, new IOException(e));
    }
    names.sort(null);
    return names;
  }

  /** The folder that everything which begins so is in. */
  private Path startOf(String prefix) {
    int slash = prefix.lastIndexOf('/');
    return slash <= 0 ? root : file(prefix.substring(0, slash));
  }

  /** Files come and go while they are listed. */
  private final class Lister extends SimpleFileVisitor<Path> {
    private final String prefix;
    private final List<String> keys;

    Lister(String prefix, List<String> keys) {
      this.prefix = prefix;
      this.keys = keys;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String key = root.relativize(file).toString();
      if (key.startsWith(prefix) && !key.endsWith(WholeFile.UNFINISHED)) {
        keys.add(key);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " is in no folder");
    }
    return parent;
  }

  private Path file(String key) {
    for (String part : ObjectStore.validKey(key).split("/", -1)) {
      if (part.endsWith(WholeFile.UNFINISHED)) {
        throw new IllegalArgumentException(
            "no key's part ends in " + WholeFile.UNFINISHED + ": \"" + key + "\"");
      }
    }
    return root.resolve(key);
  }

  private StorageException failure(String operation, IOException e) {
    // Without the path, which the operation and the root say; "No space left" comes without one.
    String answer =
        switch (e) {
          case AccessDeniedException denied -> "permission denied";
          case FileSystemException file when file.getReason() != null -> file.getReason();
          case FileSystemException file -> e.getClass().getSimpleName();
          case ClosedByInterruptException interrupt -> "interrupted";
          default -> String.valueOf(e.getMessage());
        };
    boolean readOnly = answer.equals("Read-only file system");
    String remedy =
        e instanceof AccessDeniedException
            ? "Let this program's user write there (STORAGE_LOCATION)"
            : readOnly
                ? "Mount the storage so that it can be written (STORAGE_LOCATION)"
                : "Check that the disk is there, has room and may be written (STORAGE_LOCATION)";
    boolean retryHelps = !readOnly && !(e instanceof AccessDeniedException);
    return new StorageException(root.toString(), operation, answer, remedy, retryHelps, e);
  }
}
