package io.contractbuilder.image;

import io.contractbuilder.contract.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A watchdog in a folder: {@code <architecture>/fwatchdog}, and a file {@code version} if there is
 * one.
 */
public final class FolderWatchdog implements Watchdog {
  private static final String BINARY = "fwatchdog";
  private static final String RECORD = "layer";
  private final String name;
  private final Path folder;
  private final boolean carriesAnyArgument;
  private final Set<String> architectures;
  private final String version;

  /**
   * @param name for people and labels
   * @throws ImageException if no watchdog is there
   */
  public FolderWatchdog(String name, Path folder, boolean carriesAnyArgument) {
    this.name = name;
    this.folder = folder;
    this.carriesAnyArgument = carriesAnyArgument;
    try {
      this.architectures = architecturesIn(folder);
      if (architectures.isEmpty()) {
        throw missing(folder, "there is no <architecture>/fwatchdog in it");
      }
      this.version = version(folder, architectures);
    } catch (IOException e) {
      throw missing(folder, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** Whether {@code folder} holds a watchdog. */
  static boolean isIn(Path folder) {
    try {
      return !architecturesIn(folder).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static Set<String> architecturesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Set.of();
    }
    Set<String> architectures = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry.resolve(BINARY))) {
          architectures.add(String.valueOf(entry.getFileName()));
        }
      }
    }
    return Collections.unmodifiableSet(architectures);
  }

  /** The binaries' digests where no file says a version. */
  private static String version(Path folder, Set<String> architectures) throws IOException {
    Path file = folder.resolve("version");
    String said = Files.isRegularFile(file) ? Files.readString(file).strip() : "";
    if (!said.isEmpty()) {
      int line = said.indexOf('\n');
      return line < 0 ? said : said.substring(0, line).strip();
    }
    List<String> digests = new ArrayList<>();
    for (String architecture : architectures) {
      byte[] binary = Files.readAllBytes(folder.resolve(architecture).resolve(BINARY));
      digests.add(Digest.of(binary).hex().substring(0, 12));
    }
    return String.join(".", digests);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public boolean carriesAnyArgument() {
    return carriesAnyArgument;
  }

  @Override
  public Set<String> architectures() {
    return architectures;
  }

  @Override
  public byte[] binary(String architecture) {
    if (!architectures.contains(architecture)) {
      throw new IllegalArgumentException("no watchdog for " + architecture);
    }
    try {
      return Files.readAllBytes(folder.resolve(architecture).resolve(BINARY));
    } catch (IOException e) {
      throw missing(folder, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  @Override
  public WatchdogLayer layer(String architecture) {
    WatchdogLayer known = recorded(architecture);
    return known != null ? known : WatchdogLayer.of(binary(architecture));
  }

  /**
   * What {@link #record} wrote; null if nothing, or if the binary has changed since. The digests
   * take longer to compute than most wraps last.
   */
  private @Nullable WatchdogLayer recorded(String architecture) {
    Path binary = folder.resolve(architecture).resolve(BINARY);
    Path file = folder.resolve(architecture).resolve(RECORD);
    try {
      if (!Files.isRegularFile(file)
          || Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(binary)) < 0) {
        return null;
      }
      String[] words = Files.readString(file).strip().split(" ", -1);
      if (words.length != 5 || Files.size(binary) != Long.parseLong(words[0])) {
        return null;
      }
      Digest digest = new Digest(words[2]);
      return new WatchdogLayer(
          () -> packed(architecture, words[4]),
          Integer.parseInt(words[1]),
          digest,
          new Digest(words[3]));
    } catch (IOException | IllegalArgumentException e) {
      // Then it is made again.
      return null;
    }
  }

  /**
   * The layer's bytes: what was recorded is believed only until they are needed. Gzip's own
   * checksum tells of a change; whether they are those of the digest, whoever stores them checks.
   */
  private byte[] packed(String architecture, String checksum) {
    byte[] bytes = WatchdogLayer.pack(binary(architecture));
    if (!checksum(bytes).equals(checksum)) {
      throw new ImageException(
          "watchdog",
          "reading the folder " + folder,
          architecture + "/fwatchdog is not the binary that " + architecture + "/layer tells of",
          "Remove that file layer, or build the watchdog again");
    }
    return bytes;
  }

  /** A gzip stream's trailer (RFC 1952, 2.3.1): the checksum and the length of what is in it. */
  private static String checksum(byte[] gzip) {
    return HexFormat.of().formatHex(gzip, gzip.length - Long.BYTES, gzip.length);
  }

  /** Writes beside each binary what its layer comes to. */
  public void record() throws IOException {
    for (String architecture : architectures) {
      byte[] binary = binary(architecture);
      WatchdogLayer layer = WatchdogLayer.of(binary);
      Files.writeString(
          folder.resolve(architecture).resolve(RECORD),
          "%d %d %s %s %s%n"
              .formatted(
                  binary.length,
                  layer.size(),
                  layer.digest(),
                  layer.diffId(),
                  checksum(layer.bytes())));
    }
  }

  private static ImageException missing(Path folder, String what) {
    return new ImageException(
        "watchdog",
        "reading the folder " + folder,
        what,
        "Put a static binary per architecture there (for example amd64/fwatchdog), or choose"
            + " another watchdog");
  }
}
