package io.contractbuilder.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A manifest or index as it was got: its bytes, which its digest is of, and its tree. Docker's
 * schema 2 and manifest lists are read as what they are.
 */
public final class ManifestDocument {
  private static final String READING = "reading its manifest";
  private final String image;
  private final String mediaType;
  private final byte[] bytes;
  private final ObjectNode tree;
  private final Digest digest;

  private ManifestDocument(String image, String mediaType, byte[] bytes, ObjectNode tree) {
    this.image = image;
    this.mediaType = mediaType;
    this.bytes = bytes;
    this.tree = tree;
    this.digest = Digest.of(bytes);
  }

  /**
   * Reads one.
   *
   * @param image the image's name, for messages
   * @param declared the media type that came with it (a header's or a descriptor's); null: none
   * @throws ImageException if it is no image, one of Docker's schema 1, or contradicts itself
   */
  public static ManifestDocument read(String image, @Nullable String declared, byte[] bytes) {
    JsonNode tree;
    try {
      tree = Json.read(bytes);
    } catch (MalformedJson e) {
      throw broken(image, "no JSON, or with duplicate keys");
    }
    if (!(tree instanceof ObjectNode object)) {
      throw broken(image, "no JSON object");
    }
    return new ManifestDocument(image, type(image, declared, object), bytes, object);
  }

  private static String type(String image, @Nullable String declared, ObjectNode tree) {
    String header = declared == null ? "" : withoutParameters(declared);
    String own = tree.path("mediaType").asText("");
    if (header.startsWith(MediaTypes.DOCKER_SCHEMA_1)
        || own.startsWith(MediaTypes.DOCKER_SCHEMA_1)
        || tree.path("schemaVersion").asInt(2) == 1) {
      throw new ImageException(
          image,
          READING,
          "a manifest of Docker's schema 1, which has been given up",
          "Pull and push the image with a current Docker or skopeo, which makes schema 2 of it");
    }
    boolean index = tree.has("manifests");
    if (index && (tree.has("layers") || tree.has("config"))) {
      throw broken(image, "both an index and a manifest");
    }
    boolean headerKnown = isKnown(header);
    if (headerKnown && !own.isEmpty() && !own.equals(header)) {
      throw broken(image, "media type " + quoted(own) + " delivered as " + header);
    }
    String type = !own.isEmpty() ? own : headerKnown ? header : guess(index);
    if (!isKnown(type)) {
      throw noImage(image, "media type " + quoted(type));
    }
    if (MediaTypes.isIndex(type) != index) {
      throw broken(image, "media type " + type + ", but the fields of the other kind");
    }
    return type;
  }

  private static String guess(boolean index) {
    return index ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
  }

  private static boolean isKnown(String type) {
    return MediaTypes.MANIFESTS.contains(type) || MediaTypes.INDEXES.contains(type);
  }

  private static String withoutParameters(String type) {
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  private static String quoted(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return "'" + shown.replaceAll("[^\\x20-\\x7e]", "?") + "'";
  }

  private static ImageException broken(String image, String what) {
    return new ImageException(image, READING, what, "The image is broken: build and push it again");
  }

  private static ImageException noImage(String image, String what) {
    return new ImageException(
        image,
        READING,
        "not a container image (" + what + ")",
        "Name a container image; charts, signatures and other artifacts cannot be run");
  }

  /** The image's name, for messages. */
  public String image() {
    return image;
  }

  public String mediaType() {
    return mediaType;
  }

  /** The bytes as they were got; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  public Digest digest() {
    return digest;
  }

  /** A copy of the tree, free to be edited. */
  ObjectNode tree() {
    return tree.deepCopy();
  }

  public boolean isIndex() {
    return MediaTypes.isIndex(mediaType);
  }

  /**
   * A manifest's configuration.
   *
   * @throws ImageException if it is not an image's
   */
  public Descriptor config() {
    Descriptor config = Descriptor.of(image, tree.path("config"));
    if (!MediaTypes.CONFIGS.contains(config.mediaType())) {
      throw noImage(image, "configuration of type " + quoted(config.mediaType()));
    }
    return config;
  }

  /** A manifest's layers, the lowest first. */
  public List<Descriptor> layers() {
    JsonNode layers = tree.path("layers");
    if (!layers.isArray()) {
      throw broken(image, "no layers");
    }
    List<Descriptor> all = new ArrayList<>(layers.size());
    for (JsonNode layer : layers) {
      all.add(Descriptor.of(image, layer));
    }
    return all;
  }

  /** An index's entries. */
  public List<IndexEntry> entries() {
    JsonNode manifests = tree.path("manifests");
    if (!manifests.isArray()) {
      throw broken(image, "no list of manifests");
    }
    List<IndexEntry> all = new ArrayList<>(manifests.size());
    for (JsonNode entry : manifests) {
      if (!(entry instanceof ObjectNode object)) {
        throw broken(image, "an index with an entry that is no object");
      }
      all.add(new IndexEntry(Descriptor.of(image, entry), object));
    }
    return all;
  }
}
