package io.contractbuilder.registry;

import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.WrappedImage;
import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** A blob that a target is to have, and where its bytes come from. */
record Blob(Descriptor descriptor, BlobContent content) {

  /** All blobs of a platform's image, by digest. Layers that lie elsewhere are left there. */
  static Map<String, Blob> of(WrappedImage.Platform platform, ImageSource source) {
    Map<String, Blob> blobs = new LinkedHashMap<>();
    for (Descriptor layer : platform.baseLayers()) {
      if (!layer.foreign()) {
        add(blobs, new Blob(layer, BlobContent.of(source, layer)));
      }
    }
    add(
        blobs,
        new Blob(platform.layer(), () -> new ByteArrayInputStream(platform.watchdog().bytes())));
    add(blobs, config(platform));
    return blobs;
  }

  static Blob config(WrappedImage.Platform platform) {
    return new Blob(platform.configDescriptor(), () -> new ByteArrayInputStream(platform.config()));
  }

  private static void add(Map<String, Blob> blobs, Blob blob) {
    blobs.putIfAbsent(blob.descriptor().digest().value(), blob);
  }
}
