package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A customer's image: its manifest's bytes and its blobs by digest. */
public record TestImage(String mediaType, byte[] manifest, Map<String, byte[]> blobs) {

  static TestImage oci(int layers, int layerBytes) {
    return make(MediaTypes.OCI_MANIFEST, "amd64", layers, layerBytes);
  }

  static TestImage docker(int layers, int layerBytes) {
    return make(MediaTypes.DOCKER_MANIFEST, "amd64", layers, layerBytes);
  }

  static TestImage make(String mediaType, String architecture, int layers, int layerBytes) {
    List<byte[]> tars = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      tars.add(tar("file" + i, i + architecture.hashCode(), layerBytes));
    }
    return make(mediaType, architecture, tars);
  }

  /** One with these layers, which are tars. */
  public static TestImage of(List<byte[]> layers) {
    return make(MediaTypes.OCI_MANIFEST, "amd64", layers);
  }

  private static TestImage make(String mediaType, String architecture, List<byte[]> layers) {
    boolean docker = mediaType.equals(MediaTypes.DOCKER_MANIFEST);
    Map<String, byte[]> blobs = new LinkedHashMap<>();
    ArrayNode descriptors = Json.array();
    ArrayNode diffIds = Json.array();
    for (byte[] tar : layers) {
      Descriptor layer =
          Descriptor.of(docker ? MediaTypes.DOCKER_LAYER : MediaTypes.OCI_LAYER, tar);
      blobs.put(layer.digest().value(), tar);
      descriptors.add(layer.tree().set("annotations", Json.object().put("kept", "as is")));
      diffIds.add(layer.digest().value());
    }
    ObjectNode config = Json.object().put("architecture", architecture).put("os", "linux");
    config.putObject("config").put("User", "root").putArray("Env").add("PATH=/bin");
    config.putObject("rootfs").put("type", "layers").set("diff_ids", diffIds);
    byte[] bytes = Json.write(config);
    Descriptor descriptor =
        Descriptor.of(docker ? MediaTypes.DOCKER_CONFIG : MediaTypes.OCI_CONFIG, bytes);
    blobs.put(descriptor.digest().value(), bytes);
    ObjectNode manifest = Json.object().put("schemaVersion", 2).put("mediaType", mediaType);
    manifest.set("config", descriptor.tree());
    manifest.set("layers", descriptors);
    return new TestImage(mediaType, Json.write(manifest), blobs);
  }

  private static byte[] tar(String name, long seed, int size) {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      TarWriter tar = new TarWriter(out);
      tar.file(name, content);
      tar.end();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  /** The same layers with another configuration: one variable more. */
  TestImage withVariable(String variable) throws MalformedJson {
    ObjectNode changed = (ObjectNode) Json.read(manifest);
    String before = changed.at("/config/digest").asText();
    JsonNode config = Json.read(Objects.requireNonNull(blobs.get(before)));
    ((ArrayNode) config.at("/config/Env")).add(variable);
    byte[] bytes = Json.write(config);
    Descriptor descriptor = Descriptor.of(changed.at("/config/mediaType").asText(), bytes);
    changed.set("config", descriptor.tree());
    Map<String, byte[]> all = new LinkedHashMap<>(blobs);
    all.remove(before);
    all.put(descriptor.digest().value(), bytes);
    return new TestImage(mediaType, Json.write(changed), all);
  }

  /** The digests of its layers. */
  List<String> layers() throws MalformedJson {
    List<String> digests = new ArrayList<>();
    Json.read(manifest).path("layers").forEach(one -> digests.add(one.path("digest").asText()));
    return digests;
  }

  String firstLayer() {
    return blobs.keySet().iterator().next();
  }

  byte[] firstLayerBytes() {
    return blobs.values().iterator().next();
  }

  Digest digest() {
    return Digest.of(manifest);
  }

  /** Writes it as a layout with one tag. */
  public void writeTo(Path folder, String tag) throws IOException {
    ImageLayout layout = new ImageLayout(folder);
    layout.create();
    for (byte[] blob : blobs.values()) {
      layout.write(Digest.of(blob), blob);
    }
    layout.write(digest(), manifest);
    layout.name(Descriptor.of(mediaType, manifest), tag, false);
  }
}
