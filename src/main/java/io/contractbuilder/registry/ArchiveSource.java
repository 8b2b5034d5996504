package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference.InArchive;
import io.contractbuilder.crypto.NativeCrypto;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageFiles;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ManifestDocument;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image in a tar file of {@code docker save}: the newer kind, which holds an OCI image layout,
 * or the older, for which a manifest of Docker's schema 2 is made up.
 */
final class ArchiveSource implements ImageSource {
  private static final String BLOBS = "blobs/sha256/";
  private final InArchive reference;
  private final Map<Digest, String> names = new HashMap<>();

  /** Those of {@link #names} that are not compressed there. */
  private final Map<Digest, String> tars = new HashMap<>();

  private @Nullable ArchiveFile archive;

  ArchiveSource(InArchive reference) {
    this.reference = reference;
  }

  @Override
  public String part() {
    return "docker archive " + reference.file();
  }

  /** Something that reads the archive. */
  private interface Reading<T> {
    T read(ArchiveFile archive) throws IOException;
  }

  private synchronized <T> T reading(Reading<T> reading) {
    try {
      if (archive == null) {
        archive = new ArchiveFile(reference.file());
      }
      return reading.read(archive);
    } catch (IOException e) {
      throw new RegistryException(
          part(),
          "reading it",
          0,
          "it cannot be read (" + e.getMessage() + ")",
          "Name a file that docker save, podman save or skopeo wrote",
          false,
          e);
    }
  }

  @Override
  public ManifestDocument top() {
    return reading(file -> file.has("index.json") ? fromLayout(file) : madeUp(file));
  }

  private ManifestDocument fromLayout(ArchiveFile file) throws IOException {
    JsonNode index = Json.read(file.small("index.json", ImageLimits.MANIFEST_BYTES));
    List<JsonNode> fitting = new ArrayList<>();
    for (JsonNode entry : index.path("manifests")) {
      JsonNode annotations = entry.path("annotations");
      if (isAsked(annotations.path("io.containerd.image.name").asText(""))
          || isAsked(ImageLayout.tag(entry))) {
        fitting.add(entry);
      }
    }
    Descriptor chosen = Descriptor.of(reference.toString(), only(fitting));
    return manifest(chosen);
  }

  private boolean isAsked(String name) {
    String tag = reference.tag();
    return tag == null
        || name.equals(tag)
        || name.equals(tag + ":latest")
        || name.endsWith("/" + tag)
        || name.endsWith("/" + tag + ":latest");
  }

  private JsonNode only(List<JsonNode> fitting) throws IOException {
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    throw new IOException(
        fitting.isEmpty()
            ? "it has no image of that name"
            : "it has several images: name one as docker-archive:file:name:tag");
  }

  private ManifestDocument madeUp(ArchiveFile file) throws IOException {
    List<JsonNode> fitting = new ArrayList<>();
    for (JsonNode entry : Json.read(file.small("manifest.json", ImageLimits.MANIFEST_BYTES))) {
      boolean asked = reference.tag() == null;
      for (JsonNode name : entry.path("RepoTags")) {
        asked |= isAsked(name.asText());
      }
      if (asked) {
        fitting.add(entry);
      }
    }
    JsonNode chosen = only(fitting);
    String configName = chosen.path("Config").asText();
    byte[] config = file.small(configName, ImageLimits.CONFIG_BYTES);
    JsonNode diffIds = Json.read(config).path("rootfs").path("diff_ids");
    JsonNode files = chosen.path("Layers");
    if (files.size() != diffIds.size()) {
      throw new IOException("its layers are not those of its configuration");
    }
    ArrayNode layers = Json.array();
    for (int i = 0; i < files.size(); i++) {
      layers.add(layer(file, files.get(i).asText(), diffIds.get(i).asText()).tree());
    }
    Descriptor descriptor = Descriptor.of(MediaTypes.DOCKER_CONFIG, config);
    names.put(descriptor.digest(), configName);
    ObjectNode manifest =
        Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.DOCKER_MANIFEST);
    manifest.set("config", descriptor.tree());
    manifest.set("layers", layers);
    return ManifestDocument.read(
        reference.toString(), MediaTypes.DOCKER_MANIFEST, Json.write(manifest));
  }

  /**
   * An uncompressed layer becomes a gzip stream, which the watchdog's layer is as well: some
   * programs take all layers of an image for like the first.
   */
  private Descriptor layer(ArchiveFile file, String name, String diffId) throws IOException {
    boolean compressed;
    try (InputStream in = file.open(name)) {
      compressed = in.read() == 0x1f && in.read() == 0x8b;
    }
    if (compressed) {
      Digest digest = hash(file.open(name));
      names.put(digest, name);
      return new Descriptor(MediaTypes.DOCKER_LAYER_GZIP, digest, file.size(name));
    }
    MessageDigest plain = NativeCrypto.sha256();
    long size = file.size(name);
    Digest digest = hash(new StoredGzipStream(new DigestInputStream(file.open(name), plain), size));
    if (!Digest.of(plain).value().equals(diffId)) {
      throw new IOException("its layer " + name + " is not the one of its configuration");
    }
    names.put(digest, name);
    tars.put(digest, name);
    return new Descriptor(MediaTypes.DOCKER_LAYER_GZIP, digest, StoredGzipStream.length(size));
  }

  private static Digest hash(InputStream in) throws IOException {
    MessageDigest hash = NativeCrypto.sha256();
    byte[] buffer = new byte[64 << 10];
    try (in) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        hash.update(buffer, 0, count);
      }
    }
    return Digest.of(hash);
  }

  @Override
  public ManifestDocument manifest(Descriptor descriptor) {
    return ManifestDocument.read(
        reference.toString(),
        descriptor.mediaType(),
        small(descriptor, ImageLimits.MANIFEST_BYTES));
  }

  @Override
  public byte[] config(Descriptor descriptor) {
    return small(descriptor, ImageLimits.CONFIG_BYTES);
  }

  private byte[] small(Descriptor descriptor, int limit) {
    return reading(
        file -> {
          byte[] bytes = file.small(name(descriptor), limit);
          if (!Digest.of(bytes).equals(descriptor.digest())) {
            throw new IOException(descriptor.digest() + " has bytes of another digest");
          }
          return bytes;
        });
  }

  private String name(Descriptor descriptor) {
    return names.getOrDefault(descriptor.digest(), BLOBS + descriptor.digest().hex());
  }

  @Override
  public InputStream blob(Descriptor blob) {
    return reading(
        file -> {
          String tar = tars.get(blob.digest());
          if (tar != null) {
            return new StoredGzipStream(file.open(tar), file.size(tar));
          }
          if (file.size(name(blob)) != blob.size()) {
            throw new IOException("the blob " + blob.digest() + " has another size");
          }
          return file.open(name(blob));
        });
  }

  @Override
  public @Nullable ImageFiles files(ManifestDocument manifest) {
    List<Descriptor> layers = manifest.layers();
    boolean plain = layers.stream().allMatch(l -> l.isPlainTar() || tars.containsKey(l.digest()));
    return plain
        ? reading(file -> LayerScan.of(layers, l -> file.open(name(l)))).orElse(null)
        : null;
  }
}
