package io.contractbuilder.image;

import io.contractbuilder.contract.Digest;
import java.util.List;

/**
 * A function's image, ready to be put into a target.
 *
 * @param top the index, or the manifest where there is one platform only
 * @param mediaType of {@code top}
 * @param platforms at least one
 * @param baseDigest of the customer's manifest or index
 * @param warnings for people
 */
public record WrappedImage(
    byte[] top,
    String mediaType,
    Digest digest,
    List<Platform> platforms,
    Digest baseDigest,
    List<String> warnings) {

  /** Whether {@link #top} is an index. */
  public boolean isIndex() {
    return MediaTypes.isIndex(mediaType);
  }

  /**
   * One platform's image.
   *
   * @param name {@code os/architecture[/variant]}
   * @param manifest its bytes
   * @param config its bytes
   * @param baseLayers the customer's layers, the lowest first
   * @param layer describes the watchdog's layer
   */
  public record Platform(
      String name,
      byte[] manifest,
      Descriptor descriptor,
      byte[] config,
      Descriptor configDescriptor,
      List<Descriptor> baseLayers,
      Descriptor layer,
      WatchdogLayer watchdog) {}
}
