package io.contractbuilder.local.rootfs;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the layers of one image on top of each other in a folder (OCI image specification, "Image
 * Layer Filesystem Changeset"); files are hard links to the stored layers', so nobody may write to
 * them. Layers are hostile until checked: nothing is made outside the folder.
 */
final class Unpacker {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private final Path root;
  private final ScopedPaths paths;
  private final Ownership ownership;
  private final Budget budget;

  /**
   * @param root an empty folder that nobody else writes to
   * @param budget for all layers together
   */
  Unpacker(Path root, Ownership ownership, Budget budget) {
    this.root = root;
    this.paths = new ScopedPaths(root);
    this.ownership = ownership;
    this.budget = budget;
  }

  /** Adds a layer on top of the ones before. */
  void add(StoredLayer layer) throws IOException, UnpackException {
    Set<Path> mine = new HashSet<>();
    try (DataInputStream entries = layer.entries()) {
      for (int n = 0; entries.readBoolean(); n++) {
        LayerEntry entry = LayerEntry.read(entries);
        budget.take(entry);
        add(entry, layer.file(n), mine);
      }
    } catch (InvalidPathException bad) {
      throw new UnpackException("an entry's name cannot be a file's");
    }
  }

  private void add(LayerEntry entry, Path content, Set<Path> mine)
      throws IOException, UnpackException {
    Path place = paths.place(entry.name());
    if (place == null) {
      return;
    }
    String last = String.valueOf(place.getFileName());
    if (last.equals(OPAQUE)) {
      emptyOfLower(parent(place), mine);
    } else if (last.startsWith(WHITEOUT)) {
      Path hidden = parent(place).resolve(last.substring(WHITEOUT.length())).normalize();
      if (!parent(place).equals(hidden.getParent())) {
        throw new UnpackException(entry.name() + ": a whiteout of no file");
      }
      paths.remove(hidden);
    } else {
      make(entry, content, place);
      for (Path p = place; p != null && !p.equals(root) && mine.add(p); ) {
        p = p.getParent();
      }
    }
  }

  private Path parent(Path place) {
    Path parent = place.getParent();
    return parent == null ? root : parent;
  }

  private void emptyOfLower(Path folder, Set<Path> mine) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        if (!mine.contains(child)) {
          paths.remove(child);
        }
      }
    }
  }

  private void make(LayerEntry entry, Path content, Path place)
      throws IOException, UnpackException {
    switch (entry.kind()) {
      case FOLDER -> {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
          paths.remove(place);
          Files.createDirectory(place);
        }
        ownership.own(entry, place);
        ownership.mode(entry.mode(), place, 0700);
      }
      case SYMBOLIC_LINK -> {
        paths.remove(place);
        Files.createSymbolicLink(place, Path.of(entry.link()));
        ownership.own(entry, place);
      }
      case HARD_LINK -> {
        Path target = linkTarget(entry);
        if (!target.equals(place)) {
          paths.remove(place);
          Files.createLink(place, target);
        }
      }
      case FILE -> {
        paths.remove(place);
        Files.createLink(place, content);
      }
    }
  }

  private Path linkTarget(LayerEntry entry) throws IOException, UnpackException {
    @Nullable Path target = paths.place(entry.link());
    if (target == null || !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnpackException(entry.name() + ": a hard link to what is no file of this image");
    }
    return target;
  }
}
