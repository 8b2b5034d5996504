package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.crypto.NativeCrypto;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder as the OCI image specification's "Image Layout" has it. Files appear whole or not at
 * all; several threads and processes may use it at once.
 */
final class ImageLayout {
  static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final String TEMPORARY = ".new-";
  private final Path folder;

  ImageLayout(Path folder) {
    this.folder = folder;
  }

  Path blob(Digest digest) {
    return folder.resolve("blobs").resolve("sha256").resolve(digest.hex());
  }

  boolean isThere() {
    return Files.isRegularFile(folder.resolve("index.json"));
  }

  LayoutLocks locks() throws IOException {
    return LayoutLocks.of(folder);
  }

  void create() throws IOException {
    Files.createDirectories(folder.resolve("blobs").resolve("sha256"));
    if (!Files.exists(folder.resolve("oci-layout"))) {
      write(
          folder.resolve("oci-layout"),
          "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The entries of its index. */
  List<ObjectNode> entries() throws IOException {
    ArrayNode manifests = manifests(index());
    return manifests
        .valueStream()
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .toList();
  }

  private ObjectNode index() throws IOException {
    Path file = folder.resolve("index.json");
    if (!Files.exists(file)) {
      return Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
    }
    if (Files.size(file) > ImageLimits.MANIFEST_BYTES
        || !(Json.read(Files.readAllBytes(file)) instanceof ObjectNode index)) {
      throw new IOException("its index.json is no index");
    }
    return index;
  }

  private static ArrayNode manifests(ObjectNode index) {
    return index.get("manifests") instanceof ArrayNode there ? there : index.putArray("manifests");
  }

  static String tag(JsonNode entry) {
    return entry.path("annotations").path(REF_NAME).asText("");
  }

  /**
   * Names a manifest or index that is there.
   *
   * @param keepOthers whether what had the tag before stays, without it
   */
  void name(Descriptor descriptor, @Nullable String tag, boolean keepOthers) throws IOException {
    locks()
        .changingIndex(
            () -> {
              ObjectNode index = index();
              ArrayNode kept = Json.array();
              for (JsonNode entry : manifests(index)) {
                boolean same = entry.path("digest").asText("").equals(descriptor.digest().value());
                boolean sameTag = tag != null && tag(entry).equals(tag);
                // The same content keeps its other names, but not its place without one.
                if (sameTag && !same && keepOthers) {
                  ((ObjectNode) entry.path("annotations")).remove(REF_NAME);
                  kept.add(entry);
                } else if (!sameTag && !(same && tag(entry).isEmpty())) {
                  kept.add(entry);
                }
              }
              ObjectNode added = descriptor.tree();
              if (tag != null) {
                added.putObject("annotations").put(REF_NAME, tag);
              }
              index.set("manifests", kept.add(added));
              write(folder.resolve("index.json"), Json.write(index));
              return true;
            });
  }

  /** Whether the blob is there. */
  boolean has(Descriptor blob) throws IOException {
    Path file = blob(blob.digest());
    return Files.isRegularFile(file) && Files.size(file) == blob.size();
  }

  void write(Digest digest, byte[] bytes) throws IOException {
    Path file = blob(digest);
    if (!Files.isRegularFile(file) || Files.size(file) != bytes.length) {
      write(file, bytes);
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Path temporary = temporary(file);
    try {
      Files.write(temporary, bytes);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static Path temporary(Path file) throws IOException {
    return Files.createTempFile(file.toAbsolutePath().getParent(), TEMPORARY, "");
  }

  /**
   * Takes a blob in, checking it.
   *
   * @return whether the bytes were the descriptor's
   */
  boolean write(Descriptor blob, InputStream in, UploadBody.Sent progress) throws IOException {
    Path file = blob(blob.digest());
    Path temporary = temporary(file);
    try {
      MessageDigest hash = NativeCrypto.sha256();
      try (OutputStream out = new DigestOutputStream(Files.newOutputStream(temporary), hash)) {
        new UploadBody(in, blob.size(), progress).writeTo(out);
      }
      if (in.read() >= 0 || !Digest.of(hash).equals(blob.digest())) {
        return false;
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Takes an image out of the index, and removes every blob that no manifest needs.
   *
   * @return whether it was there
   */
  boolean remove(Digest digest) throws IOException {
    if (!isThere()) {
      return false;
    }
    return locks()
        .alone(
            () -> {
              ObjectNode index = index();
              ArrayNode kept = Json.array();
              boolean found = false;
              for (JsonNode entry : manifests(index)) {
                boolean same = entry.path("digest").asText("").equals(digest.value());
                found |= same;
                if (!same) {
                  kept.add(entry);
                }
              }
              if (found) {
                index.set("manifests", kept);
                write(folder.resolve("index.json"), Json.write(index));
              }
              prune();
              return found;
            });
  }

  private void prune() throws IOException {
    Set<String> needed = new HashSet<>();
    for (ObjectNode entry : entries()) {
      need(entry, needed, 0);
    }
    try (Stream<Path> blobs = Files.list(folder.resolve("blobs").resolve("sha256"))) {
      for (Path blob : blobs.toList()) {
        if (!needed.contains("sha256:" + blob.getFileName())) {
          Files.deleteIfExists(blob);
        }
      }
    }
  }

  private void need(JsonNode descriptor, Set<String> needed, int depth) throws IOException {
    String digest = descriptor.path("digest").asText("");
    if (!Digest.isValid(digest) || !needed.add(digest) || depth > 3) {
      return;
    }
    Path file = blob(new Digest(digest));
    // Whatever is small enough for a manifest is looked into: its media type need not be known.
    boolean manifest = descriptor.path("mediaType").asText("").matches(".*(manifest|index).*");
    if (!manifest || !Files.isRegularFile(file) || Files.size(file) > ImageLimits.MANIFEST_BYTES) {
      return;
    }
    JsonNode tree = Json.read(Files.readAllBytes(file));
    for (JsonNode child : tree.path("manifests")) {
      need(child, needed, depth + 1);
    }
    for (JsonNode layer : tree.path("layers")) {
      needed.add(layer.path("digest").asText(""));
    }
    needed.add(tree.path("config").path("digest").asText(""));
  }
}
