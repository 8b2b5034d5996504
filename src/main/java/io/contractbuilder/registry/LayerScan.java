package io.contractbuilder.registry;

import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageFiles;
import io.contractbuilder.image.ImageFiles.Entry;
import io.contractbuilder.image.ImageFiles.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Reads the headers of layers that lie uncompressed in files: what is in between is skipped. */
final class LayerScan {
  /** More are not kept in memory: then nothing is said of the image's files. */
  private static final int MAX_ENTRIES = 100_000;

  /** Linux takes none that is longer (PATH_MAX). */
  private static final int MAX_NAME = 4096;

  private LayerScan() {}

  /** Opens a layer's tar. */
  interface Opening {
    InputStream open(Descriptor layer) throws IOException;
  }

  /**
   * All layers, the lowest first.
   *
   * @return empty if they are too many files
   */
  static Optional<ImageFiles> of(List<Descriptor> layers, Opening opening) throws IOException {
    ImageFiles files = new ImageFiles();
    int count = 0;
    for (Descriptor layer : layers) {
      files.nextLayer();
      try (InputStream in = opening.open(layer)) {
        TarReader tar = new TarReader(in);
        for (TarReader.Entry e = tar.next(); e != null; e = tar.next()) {
          if (++count > MAX_ENTRIES) {
            return Optional.empty();
          }
          add(files, e);
        }
      }
    }
    return Optional.of(files);
  }

  private static void add(ImageFiles files, TarReader.Entry entry) {
    if (entry.name().length() > MAX_NAME || entry.link().length() > MAX_NAME) {
      return;
    }
    if (entry.type() == '1') {
      files.link(entry.name(), entry.link());
      return;
    }
    Kind kind =
        switch (entry.type()) {
          case '5' -> Kind.DIRECTORY;
          case '2' -> Kind.LINK;
          default -> entry.isFile() ? Kind.FILE : Kind.OTHER;
        };
    files.add(
        entry.name(), new Entry(kind, entry.mode(), entry.user(), entry.group(), entry.link()));
  }
}
