package io.contractbuilder.image;

import java.util.List;

/**
 * What an image may be at most; checked from manifests, before any layer's byte moves.
 *
 * @param compressedBytes the layers of one platform together, as stored
 * @param layers of one platform
 * @param manifests that an index may name
 */
public record ImageLimits(long compressedBytes, int layers, int manifests) {
  /** Bytes of a manifest or index. */
  public static final int MANIFEST_BYTES = 4 << 20;

  /** Of one index that are made functions of. */
  public static final int PLATFORMS = 8;

  /** Bytes of a configuration. */
  public static final int CONFIG_BYTES = 8 << 20;

  /** 500 MiB in up to 126 layers (with the watchdog's: the most that overlay file systems take). */
  public static final ImageLimits DEFAULT = new ImageLimits(500L << 20, 126, 256);

  /**
   * Checks one platform's manifest.
   *
   * @throws ImageException if it is over a limit
   */
  public void check(ManifestDocument manifest) {
    List<Descriptor> stored = manifest.layers();
    if (stored.size() > layers) {
      throw new ImageException(
          manifest.image(),
          "checking its size",
          stored.size() + " layers, where " + layers + " are allowed",
          "Join layers (a multi-stage build, or fewer RUN and COPY lines)");
    }
    long sum = 0;
    for (Descriptor layer : stored) {
      sum = Math.addExact(sum, Math.min(layer.size(), Long.MAX_VALUE / (layers + 1)));
    }
    if (sum > compressedBytes) {
      throw new ImageException(
          manifest.image(),
          "checking its size",
          sum + " bytes of compressed layers, where " + compressedBytes + " are allowed",
          "Make the image smaller, or raise CONTRACT_BUILDER_IMAGE_LIMIT");
    }
    if (manifest.config().size() > CONFIG_BYTES) {
      throw new ImageException(
          manifest.image(),
          "checking its size",
          "a configuration of " + manifest.config().size() + " bytes",
          "At most " + CONFIG_BYTES + " are read: the image is broken or hostile");
    }
  }
}
