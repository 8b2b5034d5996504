package io.contractbuilder.image;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an image's file system holds, by the headers of its layers alone (OCI image specification,
 * "Layer": the upper layer's entry wins, {@code .wh.} removes).
 */
public final class ImageFiles {
  private static final int MAX_LINKS = 40;
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private final Directory root = new Directory(new Entry(Kind.DIRECTORY, 0755, 0, 0, ""), 0);
  private int layer;

  /** What a name stands for. */
  public enum Kind {
    FILE,
    DIRECTORY,
    LINK,
    OTHER
  }

  /**
   * One entry of a layer.
   *
   * @param mode permissions
   * @param link where a symbolic link leads to
   */
  public record Entry(Kind kind, int mode, long user, long group, String link) {
    /** Whether {@link #FUNCTION_USER} may search a directory, or run a file. */
    boolean opensToFunctions() {
      int shift = user == FUNCTION_USER ? 6 : group == FUNCTION_USER ? 3 : 0;
      return (mode >> shift & 1) == 1;
    }
  }

  /** User and group that functions run as. */
  static final long FUNCTION_USER = 1000;

  private static class Node {
    final Entry entry;
    final int layer;

    Node(Entry entry, int layer) {
      this.entry = entry;
      this.layer = layer;
    }
  }

  private static final class Directory extends Node {
    final Map<String, Node> children;

    Directory(Entry entry, int layer) {
      this(entry, layer, new HashMap<>());
    }

    Directory(Entry entry, int layer, Map<String, Node> children) {
      super(entry, layer);
      this.children = children;
    }
  }

  /** What a path leads to. */
  sealed interface Found {
    /** A file or folder, through its links. */
    record At(Entry entry) implements Found {}

    /** Nothing of that name. */
    record Nothing() implements Found {}

    /** It may be there, in a folder that functions cannot enter. */
    record Closed(String folder) implements Found {}
  }

  /** Begins a layer, above those before. */
  public void nextLayer() {
    layer++;
  }

  /**
   * Adds an entry of the layer.
   *
   * @param name as in the tar; one that leaves the root is passed over
   */
  public void add(String name, Entry entry) {
    List<String> parts = parts(name);
    if (parts.contains("..")) {
      return;
    }
    if (parts.isEmpty()) {
      return;
    }
    Directory parent = parent(parts);
    String last = parts.getLast();
    if (last.equals(OPAQUE)) {
      removeLower(parent);
    } else if (last.startsWith(WHITEOUT)) {
      remove(parent, last.substring(WHITEOUT.length()));
    } else {
      Node before = parent.children.get(last);
      parent.children.put(
          last,
          entry.kind() != Kind.DIRECTORY
              ? new Node(entry, layer)
              : before instanceof Directory there
                  ? new Directory(entry, layer, there.children)
                  : new Directory(entry, layer));
    }
  }

  /** A hard link: another name for what is there. */
  public void link(String name, String target) {
    Node node = root;
    for (String part : parts(target)) {
      node = node instanceof Directory folder ? folder.children.get(part) : null;
      if (node == null) {
        return;
      }
    }
    add(name, node.entry);
  }

  /** The folder that an entry is in; folders without an entry of their own are made. */
  private Directory parent(List<String> parts) {
    Directory folder = root;
    for (String part : parts.subList(0, parts.size() - 1)) {
      Node child = folder.children.get(part);
      if (child instanceof Directory there) {
        folder = there;
      } else {
        Directory made = new Directory(root.entry, layer);
        folder.children.put(part, made);
        folder = made;
      }
    }
    return folder;
  }

  private void remove(Directory parent, String name) {
    Node node = parent.children.get(name);
    if (node instanceof Directory folder && folder.layer == layer) {
      removeLower(folder);
    } else if (node != null && node.layer < layer) {
      parent.children.remove(name);
    }
  }

  private void removeLower(Directory folder) {
    for (String name : List.copyOf(folder.children.keySet())) {
      remove(folder, name);
    }
  }

  private static List<String> parts(String name) {
    return Arrays.stream(name.split("/", -1))
        .filter(part -> !part.isEmpty() && !part.equals("."))
        .toList();
  }

  /** What functions find at a path, from the root. */
  Found find(String path) {
    Deque<String> ahead = new ArrayDeque<>(parts(path));
    List<Directory> behind = new ArrayList<>(List.of(root));
    List<String> names = new ArrayList<>();
    int links = 0;
    while (!ahead.isEmpty()) {
      String part = ahead.removeFirst();
      Directory folder = behind.getLast();
      if (part.equals("..")) {
        if (behind.size() > 1) {
          behind.removeLast();
          names.removeLast();
        }
        continue;
      }
      if (!folder.entry.opensToFunctions()) {
        return new Found.Closed("/" + String.join("/", names));
      }
      @Nullable Node node = folder.children.get(part);
      if (node == null || (node.entry.kind() == Kind.LINK && ++links > MAX_LINKS)) {
        return new Found.Nothing();
      }
      if (node instanceof Directory next) {
        behind.add(next);
        names.add(part);
      } else if (node.entry.kind() == Kind.LINK) {
        if (node.entry.link().startsWith("/")) {
          behind.subList(1, behind.size()).clear();
          names.clear();
        }
        parts(node.entry.link()).reversed().forEach(ahead::addFirst);
      } else {
        return ahead.isEmpty() ? new Found.At(node.entry) : new Found.Nothing();
      }
    }
    return new Found.At(behind.getLast().entry);
  }
}
