package io.contractbuilder.registry;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.ImageException;
import io.contractbuilder.image.ImageReader.Layer;
import io.contractbuilder.image.ImageReader.ReadableImage;
import io.contractbuilder.image.Watchdog;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A watchdog in an image, for example {@code ghcr.io/openfaas/classic-watchdog:0.3.3}: its binary
 * is {@code /fwatchdog} or {@code /usr/bin/fwatchdog}. What a tag names is looked up once.
 */
public final class ImageWatchdog implements Watchdog {
  private static final int MAX_BINARY = 64 << 20;
  private static final Set<String> PATHS = Set.of("fwatchdog", "usr/bin/fwatchdog");
  private final StoredImages images;
  private final ImageReference reference;
  private final @Nullable RegistryCredentials credentials;
  private final Set<String> architectures;
  private final Map<String, byte[]> binaries = new ConcurrentHashMap<>();

  /**
   * @throws io.contractbuilder.contract.PartFailure if the image cannot be had
   */
  public ImageWatchdog(
      StoredImages images, ImageReference reference, @Nullable RegistryCredentials credentials) {
    this.images = images;
    this.reference = pinned(reference, images.resolve(reference, credentials));
    this.credentials = credentials;
    this.architectures = images.architectures(this.reference, credentials);
  }

  private static ImageReference pinned(ImageReference reference, Digest digest) {
    return switch (reference) {
      case ImageReference.InRegistry image ->
          new ImageReference.InRegistry(image.host(), image.repository(), image.tag(), digest);
      case ImageReference.InLayout image ->
          new ImageReference.InLayout(image.folder(), image.tag(), digest);
      case ImageReference.InArchive image -> image;
    };
  }

  @Override
  public String name() {
    return switch (reference) {
      case ImageReference.InRegistry image ->
          image.repository().substring(image.repository().lastIndexOf('/') + 1);
      case ImageReference.InLayout image -> String.valueOf(image.folder().getFileName());
      case ImageReference.InArchive image -> String.valueOf(image.file().getFileName());
    };
  }

  @Override
  public String version() {
    Digest digest = reference.digest();
    String tag = reference.tag();
    return tag != null ? tag : digest != null ? digest.value() : "";
  }

  @Override
  public boolean carriesAnyArgument() {
    return false;
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
    return binaries.computeIfAbsent(architecture, this::read);
  }

  private byte[] read(String architecture) {
    ReadableImage image = images.open(reference, credentials, architecture);
    List<Layer> layers = image.layers();
    for (Layer layer : layers.reversed()) {
      byte[] binary = find(image, layer);
      if (binary.length > 0) {
        return binary;
      }
    }
    throw new ImageException(
        reference.toString(),
        "looking for the watchdog in it",
        "there is neither /fwatchdog nor /usr/bin/fwatchdog in it",
        "Name an image of a watchdog, for example ghcr.io/openfaas/classic-watchdog:<version>");
  }

  /** The binary; empty if it is not in this layer. */
  private byte[] find(ReadableImage image, Layer layer) {
    try (InputStream stored = image.open(layer)) {
      BufferedInputStream buffered = new BufferedInputStream(stored, 64 << 10);
      byte[] found = find(new TarReader(decompressed(buffered)));
      // To the end: only then the digest has been checked.
      buffered.transferTo(OutputStream.nullOutputStream());
      return found;
    } catch (IOException e) {
      throw new ImageException(
          reference.toString(),
          "reading its layer " + layer.digest(),
          "it cannot be unpacked (" + e.getMessage() + ")",
          "Name another image of the watchdog");
    }
  }

  private static byte[] find(TarReader tar) throws IOException {
    for (TarReader.Entry e = tar.next(); e != null; e = tar.next()) {
      String name = e.name().replaceFirst("^(?:\\./|/)+", "");
      if (e.isFile() && PATHS.contains(name)) {
        return tar.content(MAX_BINARY);
      }
    }
    return new byte[0];
  }

  private static InputStream decompressed(BufferedInputStream in) throws IOException {
    in.mark(4);
    byte[] magic = in.readNBytes(4);
    in.reset();
    if (magic.length == 4 && (magic[0] & 0xff) == 0x28 && (magic[1] & 0xff) == 0xb5) {
      throw new IOException("it is compressed with zstd");
    }
    boolean gzip = magic.length > 1 && magic[0] == 0x1f && (magic[1] & 0xff) == 0x8b;
    return gzip ? new GZIPInputStream(in, 64 << 10) : in;
  }
}
