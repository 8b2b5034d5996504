package io.contractbuilder.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.image.WrappedImage.Platform;
import io.contractbuilder.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The watchdog recipe: one layer on top, and a configuration that runs it. Equal inputs give equal
 * bytes; the media types' family is the source's.
 *
 * <p>An index keeps every platform that both the image and the watchdog have; where one remains,
 * its manifest stands alone: that costs fewer requests, and leaves one thing less to be removed.
 */
public final class WatchdogRecipe {
  /** Names the contract that an image was built for. */
  public static final String CONTRACT_LABEL = "com.dragonchain.contract-builder.contract";

  static final String BASE_NAME = "org.opencontainers.image.base.name";
  static final String BASE_DIGEST = "org.opencontainers.image.base.digest";
  private final Watchdog watchdog;
  private final WatchdogLayers layers;
  private final Map<String, String> labels = new LinkedHashMap<>();

  /**
   * @param baseDigest of the customer's manifest or index
   * @param contract null: none is named
   */
  public WatchdogRecipe(
      Watchdog watchdog,
      WatchdogLayers layers,
      ImageReference source,
      Digest baseDigest,
      @Nullable ContractId contract) {
    this.watchdog = watchdog;
    this.layers = layers;
    String name = baseName(source);
    if (!name.isEmpty()) {
      labels.put(BASE_NAME, name);
    }
    labels.put(BASE_DIGEST, baseDigest.value());
    if (contract != null) {
      labels.put(CONTRACT_LABEL, contract.value());
    }
  }

  /** A folder's path is the machine's, and not the image's: only its tag is a name. */
  private static String baseName(ImageReference source) {
    String tag = source.tag();
    String end = tag == null ? "" : tag;
    return source instanceof InRegistry image
        ? image.host() + "/" + image.repository() + (end.isEmpty() ? "" : ":" + end)
        : end;
  }

  /**
   * Which entries of an index are made functions of.
   *
   * @throws ImageException if none can be
   */
  public static List<IndexEntry> choose(
      String image, List<IndexEntry> entries, Set<String> architectures) {
    List<IndexEntry> wanted =
        entries.stream()
            .filter(e -> !e.attestation() && e.linux())
            .filter(e -> architectures.contains(e.architecture()))
            .toList();
    if (wanted.isEmpty()) {
      String there =
          entries.stream()
              .filter(e -> !e.attestation())
              .map(e -> e.tree().path("platform").path("os").asText("?") + "/" + e.architecture())
              .distinct()
              .limit(16)
              .collect(Collectors.joining(", "));
      throw unfit(image, there, architectures);
    }
    return wanted;
  }

  private static ImageException unfit(String image, String there, Set<String> architectures) {
    return new ImageException(
        image,
        "choosing its platforms",
        "it is for " + (there.isEmpty() ? "none" : there),
        "The watchdog is there for linux on "
            + String.join(", ", architectures.stream().sorted().toList())
            + ": build the image for one of these");
  }

  /**
   * Applies the recipe to one platform's image.
   *
   * @param entry what an index says of it; null where there is none
   * @throws ImageException if it cannot be
   */
  public Platform apply(ManifestDocument manifest, byte[] config, @Nullable IndexEntry entry) {
    ConfigEdit edit = new ConfigEdit(manifest.image(), config);
    String architecture = entry == null ? edit.architecture() : entry.architecture();
    if (!edit.os().equals("linux") || !watchdog.architectures().contains(architecture)) {
      throw unfit(
          manifest.image(), edit.os() + "/" + edit.architecture(), watchdog.architectures());
    }
    String variant = edit.variant();
    String platform = "linux/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    List<Descriptor> base = manifest.layers();
    WatchdogLayer added = layers.of(watchdog, architecture);
    edit.run(labels);
    edit.addLayer(
        added.diffId(),
        base.size(),
        "contract-builder: watchdog " + watchdog.name() + " " + watchdog.version());
    byte[] edited = edit.bytes();
    Descriptor configDescriptor = Descriptor.of(manifest.config().mediaType(), edited);
    String layerType =
        manifest.mediaType().equals(MediaTypes.DOCKER_MANIFEST)
            ? MediaTypes.DOCKER_LAYER_GZIP
            : MediaTypes.OCI_LAYER_GZIP;
    Descriptor layer = new Descriptor(layerType, added.digest(), added.size());
    byte[] bytes = manifest(manifest.tree(), configDescriptor, layer);
    return new Platform(
        entry == null ? platform : entry.platform(),
        bytes,
        Descriptor.of(manifest.mediaType(), bytes),
        edited,
        configDescriptor,
        base,
        layer,
        added);
  }

  private static byte[] manifest(ObjectNode tree, Descriptor config, Descriptor layer) {
    config.writeTo((ObjectNode) tree.get("config"));
    ((ArrayNode) tree.get("layers")).add(layer.tree());
    return Json.write(tree);
  }

  /** The image of one platform. */
  public static WrappedImage single(Platform platform, Digest baseDigest) {
    return new WrappedImage(
        platform.manifest(),
        platform.descriptor().mediaType(),
        platform.descriptor().digest(),
        List.of(platform),
        baseDigest,
        List.of());
  }

  /**
   * The image of several platforms.
   *
   * @param entries what {@code index} says of each of {@code platforms}, in order
   */
  public static WrappedImage index(
      ManifestDocument index, List<IndexEntry> entries, List<Platform> platforms) {
    ObjectNode tree = index.tree();
    List<ObjectNode> edited = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      edited.add(platforms.get(i).descriptor().writeTo(entries.get(i).tree().deepCopy()));
    }
    tree.set("manifests", Json.array().addAll(edited));
    byte[] bytes = Json.write(tree);
    return new WrappedImage(
        bytes, index.mediaType(), Digest.of(bytes), platforms, index.digest(), List.of());
  }
}
