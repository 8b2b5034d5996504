package io.contractbuilder.registry;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The files within a tar file, each readable by itself. */
final class ArchiveFile {
  private static final int MAX_LINKS = 8;
  private static final int MAX_ENTRIES = 100_000;
  private final Path file;
  private final Map<String, TarReader.Entry> entries = new HashMap<>();

  ArchiveFile(Path file) throws IOException {
    this.file = file;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 64 << 10)) {
      in.mark(2);
      if (in.read() == 0x1f && in.read() == 0x8b) {
        throw new IOException("it is compressed: decompress it first");
      }
      in.reset();
      TarReader tar = new TarReader(in);
      for (TarReader.Entry e = tar.next(); e != null; e = tar.next()) {
        entries.put(normal(e.name()), e);
        if (entries.size() > MAX_ENTRIES) {
          throw new IOException("it has more than " + MAX_ENTRIES + " entries");
        }
      }
    }
  }

  private static String normal(String name) {
    return Path.of("/").resolve(name).normalize().toString();
  }

  boolean has(String name) {
    return entries.containsKey(normal(name));
  }

  /** A file's bytes; links within the archive are followed. */
  InputStream open(String name) throws IOException {
    TarReader.Entry entry = entry(name);
    return new Slice(file, entry.offset(), entry.size());
  }

  long size(String name) throws IOException {
    return entry(name).size();
  }

  byte[] small(String name, int limit) throws IOException {
    if (size(name) > limit) {
      throw new IOException(name + " has more than " + limit + " bytes");
    }
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    }
  }

  private TarReader.Entry entry(String name) throws IOException {
    String at = normal(name);
    for (int links = 0; links < MAX_LINKS; links++) {
      TarReader.Entry entry = entries.get(at);
      if (entry == null) {
        throw new IOException("there is no " + name + " in it");
      }
      if (entry.isFile()) {
        return entry;
      }
      at =
          switch (entry.type()) {
            case '1' -> normal(entry.link());
            case '2' -> Path.of(at).resolveSibling(entry.link()).normalize().toString();
            default -> throw new IOException(name + " is no file in it");
          };
    }
    throw new IOException(name + " is a link without end in it");
  }
}
