package io.contractbuilder.image;

import io.contractbuilder.contract.Digest;
import java.util.List;

/**
 * What a build left in the target.
 *
 * @param digest of the manifest, or of the index where there is more than one architecture
 * @param baseDigest of the customer's manifest or index that it was made from
 * @param platforms {@code os/architecture[/variant]} of each manifest
 * @param warnings for people: what may be a surprise, but no error
 * @param traffic what it cost
 */
public record BuiltImage(
    Digest digest,
    Digest baseDigest,
    List<String> platforms,
    List<String> warnings,
    Traffic traffic) {

  /**
   * @param requests HTTP requests made
   * @param bytesCopied of blobs that were moved from source to target
   * @param bytesPresent of blobs that the target had already
   */
  public record Traffic(int requests, long bytesCopied, long bytesPresent) {}
}
