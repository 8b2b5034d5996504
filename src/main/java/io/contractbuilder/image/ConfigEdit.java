package io.contractbuilder.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.util.Map;

/**
 * Edits an image's configuration (OCI image specification, "Image Configuration") as a generic
 * tree: what it does not know stays. Nothing that it writes depends on the time.
 */
final class ConfigEdit {
  private static final String BINARY = "/usr/bin/fwatchdog";
  private static final long HEALTH_INTERVAL_NANOS = 3_000_000_000L;
  private final String image;
  private final ObjectNode root;
  private final ObjectNode config;

  ConfigEdit(String image, byte[] bytes) {
    this.image = image;
    try {
      if (!(Json.read(bytes) instanceof ObjectNode object)) {
        throw broken("no JSON object");
      }
      this.root = object;
    } catch (MalformedJson e) {
      throw broken("no JSON, or with duplicate keys");
    }
    long written = written(bytes);
    if (written > ImageLimits.CONFIG_BYTES) {
      throw broken("one that takes " + written + " bytes when its letters are escaped");
    }
    this.config = child(root, "config");
  }

  /** How long the text becomes as it is written: ASCII, up to three times as many bytes. */
  private static long written(byte[] text) {
    long sum = 0;
    for (byte b : text) {
      sum += b >= 0 ? 1 : (b & 0xf8) == 0xf0 ? 12 : (b & 0xc0) == 0xc0 ? 6 : 0;
    }
    return sum;
  }

  String os() {
    return root.path("os").asText("");
  }

  String architecture() {
    return root.path("architecture").asText("");
  }

  String variant() {
    return root.path("variant").asText("");
  }

  /** The recipe's settings. */
  void run(Map<String, String> labels) {
    config.put("User", "1000:1000");
    config.remove("Entrypoint");
    config.set("Cmd", Json.array().add(BINARY));
    child(config, "ExposedPorts").set("8080/tcp", Json.object());
    environment("write_debug", "false");
    environment("healthcheck_interval", "1s");
    // The command form needs no shell in the image.
    config.set(
        "Healthcheck",
        Json.object()
            .put("Interval", HEALTH_INTERVAL_NANOS)
            .set("Test", Json.array().add("CMD").add(BINARY).add("--run-healthcheck")));
    ObjectNode all = child(config, "Labels");
    labels.forEach(all::put);
  }

  private void environment(String name, String value) {
    ArrayNode variables = list(config, "Env");
    for (int i = 0; i < variables.size(); i++) {
      if (variables.get(i).asText().startsWith(name + "=")) {
        variables.set(i, name + "=" + value);
        return;
      }
    }
    variables.add(name + "=" + value);
  }

  /** Adds the watchdog's layer above {@code layers} others. */
  void addLayer(Digest diffId, int layers, String comment) {
    ObjectNode rootfs = child(root, "rootfs");
    ArrayNode diffIds = list(rootfs, "diff_ids");
    if (diffIds.size() != layers || !rootfs.path("type").asText("").equals("layers")) {
      throw broken(diffIds.size() + " uncompressed layers for " + layers + " of the manifest");
    }
    diffIds.add(diffId.value());
    // A history that does not tell of every layer would be read wrong with one line more.
    if (root.get("history") instanceof ArrayNode history && tellsOf(history) == layers) {
      history.add(
          Json.object().put("created_by", "COPY fwatchdog " + BINARY).put("comment", comment));
    }
  }

  private static int tellsOf(ArrayNode history) {
    int layers = 0;
    for (JsonNode step : history) {
      layers += step.path("empty_layer").asBoolean(false) ? 0 : 1;
    }
    return layers;
  }

  byte[] bytes() {
    return Json.write(root);
  }

  private ObjectNode child(ObjectNode parent, String field) {
    JsonNode value = parent.get(field);
    if (value == null || value.isNull()) {
      return parent.putObject(field);
    }
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw broken("'" + field + "' is no object");
  }

  private ArrayNode list(ObjectNode parent, String field) {
    JsonNode value = parent.get(field);
    if (value == null || value.isNull()) {
      return parent.putArray(field);
    }
    if (value instanceof ArrayNode array) {
      return array;
    }
    throw broken("'" + field + "' is no list");
  }

  private ImageException broken(String what) {
    return new ImageException(
        image,
        "reading its configuration",
        what,
        "The image is broken, or no image that can be run: build and push it again");
  }
}
