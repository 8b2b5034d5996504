package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.FolderLayer;
import io.contractbuilder.image.ManifestDocument;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes images of folders, and brings them as they are into registries: no daemon has a part. */
public final class FolderImages {
  private FolderImages() {}

  /**
   * Makes an image of folders.
   *
   * @param config as the OCI image specification's "Image Configuration" has it, with {@code
   *     created}, without {@code rootfs} and {@code history}
   * @param folders a layer each, the lowest first; their names stand in the history
   * @param target with a tag; what had it before is no longer named
   */
  public static Descriptor pack(ObjectNode config, List<Path> folders, InLayout target)
      throws IOException {
    var layout = new ImageLayout(target.folder());
    layout.create();
    return layout
        .locks()
        .adding(
            () -> {
              var layers = new ArrayList<FolderLayer>();
              for (Path folder : folders) {
                layers.add(layer(layout, folder));
              }
              byte[] whole = Json.write(configured(config.deepCopy(), folders, layers));
              Descriptor configuration = Descriptor.of(MediaTypes.OCI_CONFIG, whole);
              layout.write(configuration.digest(), whole);
              byte[] manifest = Json.write(manifest(configuration, layers));
              Descriptor image = Descriptor.of(MediaTypes.OCI_MANIFEST, manifest);
              layout.write(image.digest(), manifest);
              layout.name(image, target.tag(), false);
              return image;
            });
  }

  private static FolderLayer layer(ImageLayout layout, Path folder) throws IOException {
    Path written = Files.createTempFile("layer", ".tar.gz");
    try {
      FolderLayer layer;
      try (OutputStream out = Files.newOutputStream(written)) {
        layer = FolderLayer.write(folder, out);
      }
      try (InputStream in = Files.newInputStream(written)) {
        layout.write(layer.descriptor(), in, bytes -> {});
      }
      return layer;
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static ObjectNode configured(
      ObjectNode config, List<Path> folders, List<FolderLayer> layers) {
    ObjectNode files = config.putObject("rootfs").put("type", "layers");
    var ids = files.putArray("diff_ids");
    layers.forEach(layer -> ids.add(layer.diffId().value()));
    var history = config.putArray("history");
    for (Path folder : folders) {
      history
          .addObject()
          .put("created", config.path("created").asText())
          .put("created_by", "COPY " + folder.getFileName() + " /");
    }
    return config;
  }

  private static ObjectNode manifest(Descriptor config, List<FolderLayer> layers) {
    ObjectNode manifest =
        Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_MANIFEST);
    manifest.set("config", config.tree());
    var all = manifest.putArray("layers");
    layers.forEach(layer -> all.add(layer.descriptor().tree()));
    return manifest;
  }

  /**
   * Brings one platform's image into a registry, unchanged.
   *
   * @return its manifest
   * @throws RegistryException if it cannot be read or is not taken
   */
  public static Descriptor push(InLayout image, InRegistry target, RegistryClient client) {
    var source = new LayoutSource(image);
    ManifestDocument manifest = source.top();
    Repository repository =
        client.repository(target.host(), target.repository(), null, new TrafficCount());
    var uploads = new Uploads(repository);
    var blobs = new ArrayList<>(manifest.layers());
    blobs.add(manifest.config());
    for (Descriptor blob : blobs) {
      if (!repository.exists("blobs", blob.digest())) {
        uploads.put(blob, null, BlobContent.of(source, blob), bytes -> {});
      }
    }
    String tag = target.tag() == null ? "latest" : target.tag();
    var whole = new Descriptor(manifest.mediaType(), manifest.digest(), manifest.bytes().length);
    uploads.stored(tag, whole, manifest.bytes());
    return whole;
  }
}
