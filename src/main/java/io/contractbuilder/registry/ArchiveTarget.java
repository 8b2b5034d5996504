package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.crypto.NativeCrypto;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.image.WrappedImage;
import io.contractbuilder.image.WrappedImage.Platform;
import io.contractbuilder.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes an image into a tar file as newer {@code docker save} does: an OCI image layout, and
 * beside it the {@code manifest.json} by which older programs load it. The file appears whole.
 */
final class ArchiveTarget implements ImageTarget {
  private static final String BLOBS = "blobs/sha256/";
  private final Path file;
  private final @Nullable String name;
  private final TrafficCount traffic;

  ArchiveTarget(Path file, @Nullable String name, TrafficCount traffic) {
    this.file = file;
    this.name = name == null || name.contains(":") ? name : name + ":latest";
    this.traffic = traffic;
  }

  @Override
  public void put(WrappedImage image, ImageSource source, CopyListener listener) {
    requireAllLayers(image);
    Path whole = file.toAbsolutePath();
    try {
      Path folder = whole.getParent();
      Path temporary = Files.createTempFile(folder == null ? whole : folder, ".new-", ".tar");
      try {
        write(temporary, image, source, listener);
        Files.move(
            temporary, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (InterruptedIOException e) {
      throw RegistryException.cancelled("docker archive " + file, "writing the image");
    } catch (IOException e) {
      throw new RegistryException(
          "docker archive " + file,
          "writing the image",
          0,
          "it cannot be written (" + e.getMessage() + ")",
          "Check the folder, its rights and the disk's free space",
          false,
          e);
    }
  }

  /** Who loads an archive looks for each layer in it. */
  private void requireAllLayers(WrappedImage image) {
    for (Platform platform : image.platforms()) {
      if (platform.baseLayers().stream().anyMatch(Descriptor::foreign)) {
        throw new RegistryException(
            "docker archive " + file,
            "writing the image",
            "it has a layer that lies elsewhere and may not be copied",
            "Wrap it into a registry or an image layout");
      }
    }
  }

  private void write(Path temporary, WrappedImage image, ImageSource source, CopyListener listener)
      throws IOException {
    Map<String, Blob> blobs = new LinkedHashMap<>();
    for (Platform platform : image.platforms()) {
      blobs.putAll(Blob.of(platform, source));
    }
    try (BufferedOutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
      TarWriter tar = new TarWriter(out);
      tar.file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
      tar.file("index.json", Json.write(index(image)));
      tar.file("manifest.json", Json.write(loadable(image.platforms().getFirst())));
      for (Platform platform : image.platforms()) {
        tar.file(BLOBS + platform.descriptor().digest().hex(), platform.manifest());
      }
      if (image.isIndex()) {
        tar.file(BLOBS + image.digest().hex(), image.top());
      }
      for (Blob blob : blobs.values()) {
        copy(tar, blob, listener);
      }
      tar.end();
    }
  }

  private void copy(TarWriter tar, Blob blob, CopyListener listener) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("cancelled");
    }
    Descriptor descriptor = blob.descriptor();
    MessageDigest hash = NativeCrypto.sha256();
    try (InputStream in = blob.content().open();
        DigestInputStream hashed = new DigestInputStream(in, hash)) {
      tar.file(
          BLOBS + descriptor.digest().hex(),
          hashed,
          descriptor.size(),
          done -> listener.copied(descriptor.digest(), done, descriptor.size()));
      if (in.read() >= 0 || !Digest.of(hash).equals(descriptor.digest())) {
        throw new RegistryException(
            Objects.requireNonNullElse(blob.content().giver(), "image source"),
            "copying the blob " + descriptor.digest(),
            "the bytes that came are not those of the digest",
            "The image's registry or file is broken or hostile: nothing was written");
      }
    }
    traffic.copied(descriptor.size());
  }

  private ObjectNode index(WrappedImage image) {
    ObjectNode entry = new Descriptor(image.mediaType(), image.digest(), image.top().length).tree();
    if (name != null) {
      entry
          .putObject("annotations")
          .put("io.containerd.image.name", name)
          .put(ImageLayout.REF_NAME, name.substring(name.lastIndexOf(':') + 1));
    }
    ObjectNode index = Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
    index.set("manifests", Json.array().add(entry));
    return index;
  }

  private ArrayNode loadable(Platform platform) {
    Function<Descriptor, String> path = blob -> BLOBS + blob.digest().hex();
    ArrayNode tags = Json.array();
    ArrayNode layers = Json.array();
    List.of(name == null ? "" : name).stream().filter(n -> !n.isEmpty()).forEach(tags::add);
    platform.baseLayers().stream().map(path).forEach(layers::add);
    layers.add(path.apply(platform.layer()));
    ObjectNode entry = Json.object().put("Config", path.apply(platform.configDescriptor()));
    entry.set("RepoTags", tags);
    entry.set("Layers", layers);
    return Json.array().add(entry);
  }
}
