package io.contractbuilder.registry;

import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.WrappedImage;
import io.contractbuilder.image.WrappedImage.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts an image into an OCI image layout folder. */
final class LayoutTarget implements ImageTarget {
  private final Path folder;
  private final ImageLayout layout;
  private final @Nullable String tag;
  private final boolean keepOthers;
  private final TrafficCount traffic;

  /**
   * @param keepOthers whether an image that had the tag before stays, without it
   */
  LayoutTarget(Path folder, @Nullable String tag, boolean keepOthers, TrafficCount traffic) {
    this.folder = folder;
    this.layout = new ImageLayout(folder);
    this.tag = tag;
    this.keepOthers = keepOthers;
    this.traffic = traffic;
  }

  @Override
  public void put(WrappedImage image, ImageSource source, CopyListener listener) {
    try {
      layout.create();
      layout
          .locks()
          .adding(
              () -> {
                copy(image, source, listener);
                for (Platform platform : image.platforms()) {
                  layout.write(platform.descriptor().digest(), platform.manifest());
                }
                layout.write(image.digest(), image.top());
                layout.name(
                    new Descriptor(image.mediaType(), image.digest(), image.top().length),
                    tag,
                    keepOthers);
                return true;
              });
    } catch (IOException e) {
      throw failed(e);
    } catch (UncheckedIOException e) {
      throw failed(e.getCause());
    }
  }

  private void copy(WrappedImage image, ImageSource source, CopyListener listener)
      throws IOException {
    Map<String, Blob> blobs = new LinkedHashMap<>();
    for (Platform platform : image.platforms()) {
      blobs.putAll(Blob.of(platform, source));
    }
    List<Runnable> copies = new ArrayList<>();
    for (Descriptor layer :
        image.platforms().stream().flatMap(p -> p.baseLayers().stream()).toList()) {
      if (layout.has(layer)) {
        copies.add(() -> source.prove(layer, this::range));
      }
    }
    for (Blob blob : blobs.values()) {
      if (layout.has(blob.descriptor())) {
        traffic.present(blob.descriptor().size());
      } else {
        copies.add(() -> copy(blob, listener));
      }
    }
    new Copies(copies, source::abort).run("image layout " + folder, "copying layers");
  }

  private void copy(Blob blob, CopyListener listener) {
    Descriptor descriptor = blob.descriptor();
    try (InputStream in = blob.content().open()) {
      if (!layout.write(
          descriptor, in, done -> listener.copied(descriptor.digest(), done, descriptor.size()))) {
        throw new RegistryException(
            Objects.requireNonNullElse(blob.content().giver(), "image source"),
            "copying the blob " + descriptor.digest(),
            "the bytes that came are not those of the digest",
            "The image's registry or file is broken or hostile: nothing was tagged");
      }
      traffic.copied(descriptor.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] range(Descriptor blob, long from, int length) throws IOException {
    try (InputStream in = new Slice(layout.blob(blob.digest()), from, length)) {
      return in.readNBytes(length);
    }
  }

  private RegistryException failed(@Nullable IOException e) {
    return new RegistryException(
        "image layout " + folder,
        "writing the image",
        0,
        "it cannot be written (" + e + ")",
        "Check the folder, its rights and the disk's free space",
        false,
        e);
  }
}
