package io.contractbuilder.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What a layer says of a file. */
record ImageFile(int mode, long user, long group, long size, String link, long time) {

  /** The files of a layer, a tar in gzip, by their names without slashes around. */
  static Map<String, ImageFile> of(Path layer) throws IOException {
    var files = new TreeMap<String, ImageFile>();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(layer));
        var tar = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry one = tar.getNextEntry(); one != null; one = tar.getNextEntry()) {
        files.put(
            one.getName().replaceAll("^[./]+|/$", ""),
            new ImageFile(
                one.getMode() & 07777,
                one.getLongUserId(),
                one.getLongGroupId(),
                one.getSize(),
                one.getLinkName(),
                one.getLastModifiedTime().toMillis() / 1000));
      }
    }
    return files;
  }
}
