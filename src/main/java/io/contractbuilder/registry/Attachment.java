package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/**
 * What says something of an image and lies beside it in a registry (OCI image specification,
 * "Guidelines for Artifact Usage"; OCI distribution specification, "Pushing Manifests with
 * Subject").
 *
 * @param type the media type
 * @param content all of it
 */
public record Attachment(String type, byte[] content) {
  private static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  /**
   * Brings it beside an image that is there.
   *
   * @param image where, and {@code subject} is the image's manifest
   * @return the digest of the attachment's manifest
   * @throws RegistryException if it is not taken
   */
  public Digest push(InRegistry image, Descriptor subject, RegistryClient client) {
    Repository repository =
        client.repository(image.host(), image.repository(), null, new TrafficCount());
    var uploads = new Uploads(repository);
    Descriptor config = Descriptor.of(EMPTY_TYPE, EMPTY);
    Descriptor blob = Descriptor.of(type, content);
    put(repository, uploads, config, EMPTY);
    put(repository, uploads, blob, content);
    ObjectNode tree = Json.object().put("schemaVersion", 2);
    tree.put("mediaType", MediaTypes.OCI_MANIFEST).put("artifactType", type);
    tree.set("config", config.tree());
    tree.putArray("layers").add(blob.tree());
    tree.set("subject", subject.tree());
    byte[] manifest = Json.write(tree);
    Descriptor attached = Descriptor.of(MediaTypes.OCI_MANIFEST, manifest);
    uploads.stored(attached.digest().value(), attached, manifest);
    if (!repository.listsReferrers(subject.digest())) {
      list(repository, uploads, subject, attached);
    }
    return attached.digest();
  }

  private static void put(Repository repository, Uploads uploads, Descriptor blob, byte[] content) {
    if (!repository.exists("blobs", blob.digest())) {
      uploads.put(blob, null, () -> new ByteArrayInputStream(content), bytes -> {});
    }
  }

  /** For a registry that keeps no list itself (the same, "Referrers Tag Schema"). */
  private void list(
      Repository repository, Uploads uploads, Descriptor subject, Descriptor attached) {
    String tag = subject.digest().value().replace(':', '-');
    ObjectNode index = Json.object().put("schemaVersion", 2);
    index.put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode all = index.putArray("manifests");
    for (JsonNode one : listed(repository, tag)) {
      if (!one.path("digest").asText().equals(attached.digest().value())) {
        all.add(one);
      }
    }
    all.add(attached.tree().put("artifactType", type));
    byte[] bytes = Json.write(index);
    uploads.stored(tag, Descriptor.of(MediaTypes.OCI_INDEX, bytes), bytes);
  }

  private static JsonNode listed(Repository repository, String tag) {
    if (!repository.tags().contains(tag)) {
      return Json.array();
    }
    byte[] bytes = repository.manifest(tag, null, repository.name() + ":" + tag).bytes();
    try {
      return Json.read(bytes).path("manifests");
    } catch (MalformedJson e) {
      throw new IllegalStateException("was read before", e);
    }
  }
}
