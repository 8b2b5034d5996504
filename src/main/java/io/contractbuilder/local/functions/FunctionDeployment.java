package io.contractbuilder.local.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.local.sandbox.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A function as it was asked for: the body of {@code POST} and {@code PUT /system/functions}.
 *
 * @param envProcess empty if the image says it
 */
record FunctionDeployment(
    String name,
    String image,
    String envProcess,
    Map<String, String> envVars,
    List<String> secrets,
    Map<String, String> labels,
    Map<String, String> annotations,
    Map<String, String> limits,
    Map<String, String> requests,
    boolean readOnlyRootFilesystem) {
  /** Where functions are. There is no other namespace. */
  static final String NAMESPACE = "openfaas-fn";

  // As containerd takes identifiers, whose wording the refusals have.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*");
  private static final int LONGEST_NAME = 63;

  static FunctionDeployment of(JsonNode body) throws Refused {
    if (!body.isObject()) {
      throw new Refused(400, "a JSON object is expected");
    }
    checkNamespace(body.path("namespace").asText(""));
    String name = body.path("service").asText("");
    checkName(name);
    FunctionDeployment deployment =
        new FunctionDeployment(
            name,
            body.path("image").asText(""),
            body.path("envProcess").asText(""),
            texts(body, "envVars"),
            list(body),
            texts(body, "labels"),
            texts(body, "annotations"),
            texts(body, "limits"),
            texts(body, "requests"),
            body.path("readOnlyRootFilesystem").asBoolean(false));
    deployment.check();
    return deployment;
  }

  static void checkNamespace(String namespace) throws Refused {
    if (!namespace.isEmpty() && !namespace.equals(NAMESPACE)) {
      throw new Refused(400, "namespace not valid");
    }
  }

  private static void checkName(String name) throws Refused {
    String refused = "unable to create container: " + name + ", error: create container failed";
    if (name.isEmpty()) {
      throw new Refused(
          400,
          refused + " validation: container.ID: identifier must not be empty: invalid argument");
    }
    if (name.length() > LONGEST_NAME) {
      throw new Refused(
          400,
          refused
              + " validation: container.ID: identifier is longer than "
              + LONGEST_NAME
              + " characters: invalid argument");
    }
    if (!NAME.matcher(name).matches()) {
      throw new Refused(
          400,
          refused
              + " validation: container.ID: identifier \""
              + name
              + "\" must match ^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$: invalid argument");
    }
  }

  private void check() throws Refused {
    for (Map.Entry<String, String> e : envVars.entrySet()) {
      if (e.getKey().isEmpty()
          || e.getKey().indexOf('=') >= 0
          || (e.getKey() + e.getValue()).indexOf('\0') >= 0) {
        throw new Refused(400, "environment variable \"" + e.getKey() + "\": not a name or value");
      }
    }
    if (envProcess.indexOf('\0') >= 0) {
      throw new Refused(400, "envProcess: a zero byte");
    }
    try {
      memory();
      cpuMillis();
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "limits: " + e.getMessage());
    }
  }

  private static Map<String, String> texts(JsonNode body, String field) throws Refused {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> e : body.path(field).properties()) {
      if (e.getValue().isNull()) {
        continue;
      }
      if (!e.getValue().isTextual()) {
        throw new Refused(400, field + "." + e.getKey() + ": a string is expected");
      }
      texts.put(e.getKey(), e.getValue().asText());
    }
    return texts;
  }

  private static List<String> list(JsonNode body) {
    List<String> list = new ArrayList<>();
    body.path("secrets").forEach(s -> list.add(s.asText()));
    return List.copyOf(list);
  }

  /** Bytes; 0 for no limit. */
  long memory() {
    String text = limits.getOrDefault("memory", "");
    return text.isEmpty() ? 0 : Quantity.parse(text).longValue();
  }

  /** Thousandths of a CPU; 0 for no limit. */
  long cpuMillis() {
    String text = limits.getOrDefault("cpu", "");
    return text.isEmpty() ? 0 : Quantity.parse(text).multiply(BigDecimal.valueOf(1000)).longValue();
  }

  /** As it was sent, and as it lies on the disk. */
  ObjectNode request() {
    ObjectNode node = Json.object();
    node.put("service", name).put("image", image).put("envProcess", envProcess);
    put(node, "envVars", envVars, false);
    putSecrets(node);
    put(node, "labels", labels, true);
    put(node, "annotations", annotations, true);
    put(node, "limits", limits, false);
    put(node, "requests", requests, false);
    node.put("readOnlyRootFilesystem", readOnlyRootFilesystem);
    return node;
  }

  /** As it is shown; the order of the fields is faasd's. */
  ObjectNode shown(String process, int replicas, int available, String createdAt) {
    ObjectNode node = Json.object();
    node.put("name", name).put("image", image).put("namespace", NAMESPACE);
    if (!process.isEmpty()) {
      node.put("envProcess", process);
    }
    put(node, "envVars", envVars, false);
    putSecrets(node);
    put(node, "labels", labels, true);
    put(node, "annotations", annotations, true);
    put(node, "limits", limits, false);
    put(node, "requests", requests, false);
    if (readOnlyRootFilesystem) {
      node.put("readOnlyRootFilesystem", true);
    }
    if (replicas > 0) {
      node.put("replicas", replicas);
    }
    if (available > 0) {
      node.put("availableReplicas", available);
    }
    return node.put("createdAt", createdAt);
  }

  private void putSecrets(ObjectNode node) {
    if (!secrets.isEmpty()) {
      ArrayNode array = node.putArray("secrets");
      secrets.forEach(array::add);
    }
  }

  private static void put(
      ObjectNode node, String field, Map<String, String> texts, boolean evenEmpty) {
    if (evenEmpty || !texts.isEmpty()) {
      ObjectNode object = node.putObject(field);
      texts.forEach(object::put);
    }
  }
}
