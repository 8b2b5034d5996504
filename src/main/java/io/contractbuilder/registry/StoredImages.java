package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageException;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ImageReader;
import io.contractbuilder.image.IndexEntry;
import io.contractbuilder.image.ManifestDocument;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads images of one architecture from registries, layouts and archives. */
public final class StoredImages implements ImageReader {
  private final ImageStores stores;
  private final ImageLimits limits;

  public StoredImages(ImageStores stores, ImageLimits limits) {
    this.stores = stores;
    this.limits = limits;
  }

  @Override
  public ReadableImage open(
      ImageReference reference, @Nullable RegistryCredentials credentials, String architecture) {
    ImageSource source = stores.source(reference, credentials, new TrafficCount());
    ManifestDocument top = source.top();
    ManifestDocument manifest = top;
    if (top.isIndex()) {
      List<IndexEntry> entries =
          io.contractbuilder.image.WatchdogRecipe.choose(
              top.image(), top.entries(), Set.of(architecture));
      manifest = source.manifest(entries.getFirst().descriptor());
    }
    limits.check(manifest);
    byte[] config = source.config(manifest.config());
    String own = architecture(config, top.image());
    if (!top.isIndex() && !own.equals(architecture)) {
      throw new ImageException(
          top.image(),
          "opening it",
          "it is for " + own + ", not for " + architecture,
          "Name an image for " + architecture);
    }
    return new Opened(source, manifest, tree(config, top.image()));
  }

  /** The digest that a reference names now. */
  public Digest resolve(ImageReference reference, @Nullable RegistryCredentials credentials) {
    return stores.source(reference, credentials, new TrafficCount()).resolve();
  }

  /** The architectures that an image is for. */
  public Set<String> architectures(
      ImageReference reference, @Nullable RegistryCredentials credentials) {
    return ImageWrap.architectures(stores.source(reference, credentials, new TrafficCount()));
  }

  static String architecture(byte[] config, String image) {
    return tree(config, image).path("architecture").asText("");
  }

  private static JsonNode tree(byte[] config, String image) {
    try {
      return Json.read(config);
    } catch (MalformedJson e) {
      throw new ImageException(
          image, "reading its configuration", "no JSON", "Build and push the image again");
    }
  }

  private record Opened(ImageSource source, ManifestDocument manifest, JsonNode config)
      implements ReadableImage {
    @Override
    public Digest digest() {
      return manifest.digest();
    }

    @Override
    public List<Layer> layers() {
      List<Layer> layers = new ArrayList<>();
      for (Descriptor layer : manifest.layers()) {
        layers.add(new Layer(layer.digest(), layer.mediaType(), layer.size()));
      }
      return layers;
    }

    @Override
    public InputStream open(Layer layer) {
      Descriptor descriptor = new Descriptor(layer.mediaType(), layer.digest(), layer.size());
      try {
        return new CheckedBlob(source.blob(descriptor), descriptor, manifest.image());
      } catch (IOException e) {
        throw new RegistryException(
            "image " + manifest.image(),
            "reading the layer " + layer.digest(),
            0,
            "it cannot be read (" + e + ")",
            "Check the folder or file and its rights",
            false,
            e);
      }
    }
  }
}
