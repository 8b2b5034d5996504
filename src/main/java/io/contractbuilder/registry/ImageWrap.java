package io.contractbuilder.registry;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.ImageCommand;
import io.contractbuilder.image.ImageException;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ImagePlatform;
import io.contractbuilder.image.IndexEntry;
import io.contractbuilder.image.ManifestDocument;
import io.contractbuilder.image.Preflight;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.image.WatchdogRecipe;
import io.contractbuilder.image.WrappedImage;
import io.contractbuilder.image.WrappedImage.Platform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes an image a function's, from anywhere to anywhere. */
public final class ImageWrap {
  private final WatchdogLayers layers;
  private final ImageLimits limits;

  /**
   * @param layers shared by all of a process
   */
  public ImageWrap(WatchdogLayers layers, ImageLimits limits) {
    this.layers = layers;
    this.limits = limits;
  }

  /**
   * What is wrapped.
   *
   * @param credentials for the source's registry; null: those of the stores' access, or none
   * @param contract null: the image names none
   * @param platform the one that is taken of an index; null: all that the watchdog is there for
   * @param command what will run in it; null: not known
   */
  public record Input(
      ImageReference source,
      @Nullable RegistryCredentials credentials,
      Watchdog watchdog,
      @Nullable ContractId contract,
      @Nullable ImagePlatform platform,
      @Nullable ImageCommand command) {

    /** Of all platforms. */
    public Input(
        ImageReference source,
        @Nullable RegistryCredentials credentials,
        Watchdog watchdog,
        @Nullable ContractId contract) {
      this(source, credentials, watchdog, contract, null, null);
    }
  }

  /**
   * Wraps one image.
   *
   * @param sources opens the source
   * @param targets opens the target
   * @param target named by a tag
   * @param credentials for the target's registry; null: those of the stores' access, or none
   * @throws io.contractbuilder.contract.PartFailure with nothing tagged
   * @throws IllegalArgumentException if the target has a digest
   */
  public BuiltImage wrap(
      Input input,
      ImageStores sources,
      ImageStores targets,
      ImageReference target,
      @Nullable RegistryCredentials credentials,
      CopyListener listener) {
    return wrap(input, sources, targets, target, credentials, null, listener);
  }

  /**
   * The same, where a repository of the target's registry is known to have the layers.
   *
   * @param mountFrom null: none is known
   */
  public BuiltImage wrap(
      Input input,
      ImageStores sources,
      ImageStores targets,
      ImageReference target,
      @Nullable RegistryCredentials credentials,
      @Nullable String mountFrom,
      CopyListener listener) {
    TrafficCount traffic = new TrafficCount();
    ImageTarget opened = targets.target(target, credentials, mountFrom, traffic);
    opened.expect();
    try {
      return wrap(input, sources, opened, traffic, listener);
    } finally {
      opened.expectNoMore();
    }
  }

  BuiltImage wrap(
      Input input,
      ImageStores sources,
      ImageTarget target,
      TrafficCount traffic,
      CopyListener listener) {
    ImageSource source = sources.source(input.source(), input.credentials(), traffic);
    Set<String> warnings = new LinkedHashSet<>();
    WrappedImage wrapped = transform(input, source, warnings);
    target.put(wrapped, source, listener);
    List<String> platforms = new ArrayList<>();
    for (Platform platform : wrapped.platforms()) {
      platforms.add(platform.name());
    }
    return new BuiltImage(
        wrapped.digest(),
        wrapped.baseDigest(),
        platforms,
        List.copyOf(warnings),
        traffic.traffic());
  }

  /**
   * @param warnings is added to
   */
  private WrappedImage transform(Input input, ImageSource source, Set<String> warnings) {
    ManifestDocument top = source.top();
    WatchdogRecipe recipe =
        new WatchdogRecipe(
            input.watchdog(), layers, input.source(), top.digest(), input.contract());
    if (!top.isIndex()) {
      limits.check(top);
      byte[] config = source.config(top.config());
      Platform only = recipe.apply(top, config, null);
      requirePlatform(input.platform(), top, List.of(only.name()));
      warnings.addAll(Preflight.check(top.image(), config, source.files(top), input.command()));
      return WatchdogRecipe.single(only, top.digest());
    }
    List<IndexEntry> entries =
        ofPlatform(
            input.platform(),
            top,
            WatchdogRecipe.choose(
                top.image(), entries(top, source), input.watchdog().architectures()));
    requireFewPlatforms(top, entries);
    List<ManifestDocument> manifests = new ArrayList<>();
    long configs = 0;
    for (IndexEntry entry : entries) {
      ManifestDocument manifest = source.manifest(entry.descriptor());
      limits.check(manifest);
      manifests.add(manifest);
      configs += manifest.config().size();
    }
    requireSmall(top, configs);
    List<Platform> platforms = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      ManifestDocument manifest = manifests.get(i);
      byte[] config = source.config(manifest.config());
      platforms.add(recipe.apply(manifest, config, entries.get(i)));
      warnings.addAll(
          Preflight.check(top.image(), config, source.files(manifest), input.command()));
    }
    return platforms.size() == 1
        ? WatchdogRecipe.single(platforms.getFirst(), top.digest())
        : WatchdogRecipe.index(top, entries, platforms);
  }

  private static List<IndexEntry> ofPlatform(
      @Nullable ImagePlatform asked, ManifestDocument top, List<IndexEntry> entries) {
    requirePlatform(asked, top, entries.stream().map(IndexEntry::platform).toList());
    return asked == null
        ? entries
        : entries.stream().filter(e -> asked.includes(e.platform())).toList();
  }

  private static void requirePlatform(
      @Nullable ImagePlatform asked, ManifestDocument top, List<String> there) {
    if (asked != null && there.stream().noneMatch(asked::includes)) {
      throw new ImageException(
          top.image(),
          "choosing the platform " + asked,
          "it is for " + String.join(", ", there),
          "Name one of these");
    }
  }

  /** An index's entries; those of an index within it stand in its place, one level deep. */
  private List<IndexEntry> entries(ManifestDocument top, ImageSource source) {
    List<IndexEntry> all = new ArrayList<>();
    requireFew(top, top.entries().size());
    for (IndexEntry entry : top.entries()) {
      if (!isIndex(entry)) {
        all.add(entry);
        continue;
      }
      List<IndexEntry> inner = source.manifest(entry.descriptor()).entries();
      if (inner.stream().anyMatch(ImageWrap::isIndex)) {
        throw new ImageException(
            top.image(),
            "reading its index",
            "indexes within indexes within it",
            "Name one of the inner ones by its digest");
      }
      all.addAll(inner);
      requireFew(top, all.size());
    }
    return all;
  }

  private static boolean isIndex(IndexEntry entry) {
    return io.contractbuilder.image.MediaTypes.isIndex(entry.descriptor().mediaType());
  }

  private void requireFew(ManifestDocument top, int count) {
    if (count > limits.manifests()) {
      throw new ImageException(
          top.image(),
          "reading its index",
          count + " manifests, where " + limits.manifests() + " are allowed",
          "Name one of its platforms by its digest");
    }
  }

  /** All of their manifests are held in memory together. */
  private static void requireFewPlatforms(ManifestDocument top, List<IndexEntry> entries) {
    long bytes = 0;
    for (IndexEntry entry : entries) {
      bytes += Math.min(entry.descriptor().size(), ImageLimits.MANIFEST_BYTES + 1);
    }
    if (entries.size() > ImageLimits.PLATFORMS || bytes > ImageLimits.MANIFEST_BYTES) {
      throw new ImageException(
          top.image(),
          "reading its index",
          entries.size()
              + " platforms for the watchdog with manifests of "
              + bytes
              + " bytes, where "
              + ImageLimits.PLATFORMS
              + " and "
              + ImageLimits.MANIFEST_BYTES
              + " are allowed",
          "Name one of them by its digest");
    }
  }

  /** All of their configurations are held in memory together, too. */
  private static void requireSmall(ManifestDocument top, long configs) {
    if (configs > ImageLimits.CONFIG_BYTES) {
      throw new ImageException(
          top.image(),
          "checking its size",
          "configurations of " + configs + " bytes together",
          "At most " + ImageLimits.CONFIG_BYTES + " are read: name one platform by its digest");
    }
  }

  /** Which architectures an image is for, without attestations. */
  static Set<String> architectures(ImageSource source) {
    ManifestDocument top = source.top();
    if (top.isIndex()) {
      return Set.copyOf(
          top.entries().stream()
              .filter(e -> !e.attestation() && e.linux())
              .map(IndexEntry::architecture)
              .toList());
    }
    return Set.of(StoredImages.architecture(source.config(top.config()), top.image()));
  }
}
