package io.contractbuilder.local.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names inside a root folder, as the container will see them: symbolic links are read and followed
 * here, never by the kernel, so that none leads out of the root.
 */
final class ScopedPaths {
  private static final int MOST_LINKS = 40;
  private final Path root;
  // Most entries lie in the folder of the entry before; looking at each part again costs more than
  // to make a file.
  private final Map<String, Path> known = new HashMap<>();

  ScopedPaths(Path root) {
    this.root = root;
  }

  /**
   * The place of {@code name} on the host: its folders without links; its last part is not looked
   * at. Folders that are missing are made.
   *
   * @return null for the root itself
   */
  @Nullable Path place(String name) throws IOException, UnpackException {
    Deque<String> parts = parts(name);
    if (parts.isEmpty()) {
      return null;
    }
    String last = parts.removeLast();
    String above = String.join("/", parts);
    Path folder = known.get(above);
    if (folder == null) {
      folder = folder(parts, name);
      known.put(above, folder);
    }
    return folder.resolve(last);
  }

  /** Removes what lies at a place, if anything does; follows no link. */
  void remove(Path place) throws IOException {
    BasicFileAttributes there;
    try {
      there = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (there.isRegularFile()) {
      Files.delete(place);
    } else {
      // Ways that led through it lead somewhere else from now on.
      known.clear();
      Trees.delete(place);
    }
  }

  /** The folder {@code name}, made where it is missing, put in the place of what is none. */
  Path folder(String name) throws IOException, UnpackException {
    Path place = place(name);
    if (place == null) {
      return root;
    }
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      remove(place);
      Files.createDirectory(place);
    }
    return place;
  }

  private Path folder(Deque<String> parts, String name) throws IOException, UnpackException {
    Path at = root;
    int links = 0;
    while (!parts.isEmpty()) {
      String part = parts.removeFirst();
      if (part.equals("..")) {
        at = at.equals(root) ? root : parent(at);
        continue;
      }
      Path next = at.resolve(part);
      if (Files.isSymbolicLink(next)) {
        if (++links > MOST_LINKS) {
          throw new UnpackException(name + ": too many symbolic links");
        }
        String target = Files.readSymbolicLink(next).toString();
        if (target.startsWith("/")) {
          at = root;
        }
        String[] inner = target.split("/", -1);
        for (int i = inner.length - 1; i >= 0; i--) {
          if (!inner[i].isEmpty() && !inner[i].equals(".")) {
            parts.addFirst(inner[i]);
          }
        }
        continue;
      }
      if (!Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(next);
        Files.createDirectory(next);
      }
      at = next;
    }
    return at;
  }

  private Path parent(Path at) {
    Path parent = at.getParent();
    return parent == null ? root : parent;
  }

  /** The parts of an entry's name; {@code ..} may not lead above the root. */
  private static Deque<String> parts(String name) throws UnpackException {
    Deque<String> parts = new ArrayDeque<>();
    if (name.indexOf('\0') >= 0) {
      throw new UnpackException("a name with a zero byte");
    }
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          throw new UnpackException(name + ": leaves the root");
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return parts;
  }
}
