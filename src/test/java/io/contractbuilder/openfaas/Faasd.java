package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** Answers as faasd 0.18.6 did. An image whose name has {@code missing} in it cannot be pulled. */
final class Faasd implements FaultyGateway.Provider {
  final TreeSet<String> secrets = new TreeSet<>();
  final Map<String, JsonNode> functions = new LinkedHashMap<>();

  /** How many PUTs still fail because the old task does not end, leaving it stopped. */
  int stuckUpdates;

  /** Whether {@code /system/info} names a provider. */
  boolean providerDown;

  @Override
  public Answer answer(String method, String path, String query, JsonNode body) {
    if (path.equals("/system/info")) {
      return providerDown
          ? new Answer(200, "{\"provider\":null,\"version\":{\"release\":\"dev\"},\"arch\":\"\"}")
          : FaultyGateway.info("faasd", "containerd");
    }
    if (path.equals("/system/secrets")) {
      return secret(method, body.path("name").asText());
    }
    if (path.equals("/system/functions")) {
      String name =
          body.path("service").asText().isEmpty()
              ? body.path("functionName").asText()
              : body.path("service").asText();
      return switch (method) {
        case "POST" -> post(name, body);
        case "PUT" -> put(name, body);
        case "DELETE" ->
            functions.remove(name) == null
                ? new Answer(404, "service " + name + " not found")
                : Answer.of(200);
        default -> Answer.of(405);
      };
    }
    if (path.startsWith("/system/function/")) {
      return get(path.substring("/system/function/".length()));
    }
    if (path.equals("/system/logs")) {
      return Answer.of(200);
    }
    return new Answer(200, "OK");
  }

  private Answer secret(String method, String name) {
    return switch (method) {
      case "GET" -> FaultyGateway.secretList(secrets);
      case "DELETE" ->
          secrets.remove(name)
              ? Answer.of(200)
              : new Answer(
                  500,
                  "remove /var/lib/faasd-provider/secrets/openfaas-fn/"
                      + name
                      + ": no such file or directory");
      default -> {
        secrets.add(name);
        yield Answer.of(200);
      }
    };
  }

  private Answer post(String name, JsonNode spec) {
    if (functions.containsKey(name)) {
      return new Answer(
          400,
          "unable to create container: "
              + name
              + ", error: snapshot \""
              + name
              + "-snapshot\": already exists");
    }
    for (JsonNode secret : spec.path("secrets")) {
      if (!secrets.contains(secret.asText())) {
        return new Answer(400, "unable to find secret: " + secret.asText());
      }
    }
    String image = spec.path("image").asText();
    if (image.contains("missing")) {
      return new Answer(
          400,
          "unable to pull image "
              + image
              + ": cannot pull: failed to resolve reference \""
              + image
              + "\": not found");
    }
    functions.put(name, spec);
    return Answer.of(200);
  }

  private Answer put(String name, JsonNode spec) {
    if (functions.remove(name) == null) {
      return new Answer(404, "service " + name + " not found");
    }
    String image = spec.path("image").asText();
    if (image.contains("missing")) {
      // The function is gone: faasd deletes before it pulls.
      return new Answer(500, "unable to pull image " + image + ": cannot pull: not found");
    }
    functions.put(name, spec);
    if (stuckUpdates > 0) {
      stuckUpdates--;
      return new Answer(
          500,
          "error deleting container "
              + name
              + ", "
              + name
              + ", cannot delete running task "
              + name
              + ": failed precondition");
    }
    return Answer.of(200);
  }

  private Answer get(String name) {
    JsonNode spec = functions.get(name);
    if (spec == null) {
      return Answer.of(404);
    }
    ObjectNode answer =
        Json.object()
            .put("name", name)
            .put("image", spec.path("image").asText())
            .put("namespace", "openfaas-fn")
            .put("replicas", 1)
            .put("availableReplicas", 1);
    return new Answer(200, Json.text(answer));
  }
}
