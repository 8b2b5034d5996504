package io.contractbuilder.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.json.Json;

/**
 * Names content (OCI image specification, "Content Descriptors").
 *
 * @param size bytes
 */
public record Descriptor(String mediaType, Digest digest, long size) {

  /**
   * Reads one.
   *
   * @param image for the message
   * @throws ImageException if it is none
   */
  public static Descriptor of(String image, JsonNode tree) {
    JsonNode type = tree.path("mediaType");
    JsonNode digest = tree.path("digest");
    JsonNode size = tree.path("size");
    if (!type.isTextual()
        || !digest.isTextual()
        || !Digest.isValid(digest.textValue())
        || !size.isIntegralNumber()
        || !size.canConvertToLong()
        || size.longValue() < 0) {
      throw new ImageException(
          image,
          "reading its manifest",
          "a descriptor without a media type, a sha256 digest or a size",
          "The image is broken, or uses another digest algorithm: build and push it again");
    }
    return new Descriptor(
        type.textValue(), new Digest(digest.textValue()), tree.path("size").longValue());
  }

  /** The descriptor of {@code bytes}. */
  public static Descriptor of(String mediaType, byte[] bytes) {
    return new Descriptor(mediaType, Digest.of(bytes), bytes.length);
  }

  /** As a tree. */
  public ObjectNode tree() {
    return writeTo(Json.object());
  }

  /** Puts this into a descriptor that is there, whose other fields stay. */
  ObjectNode writeTo(ObjectNode tree) {
    tree.put("mediaType", mediaType).put("digest", digest.value()).put("size", size);
    // The content itself may stand in "data": it would be another's now.
    tree.remove("data");
    return tree;
  }

  /** Whether the content lies elsewhere and may not be copied (Windows' base layers). */
  public boolean foreign() {
    return MediaTypes.isForeign(mediaType);
  }

  /** Whether it is a layer that is not compressed. */
  public boolean isPlainTar() {
    return !foreign() && mediaType.endsWith(".tar");
  }
}
