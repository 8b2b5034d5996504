package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Answers as faas-netes (Community Edition) on Kubernetes 1.34 did. An image whose name has {@code
 * never-pulls} in it is never pulled; one with {@code crashes} writes a line and ends.
 */
final class FaasNetes implements FaultyGateway.Provider {
  private static final int MOST_FUNCTIONS = 30;

  /** Polls until a pod of a good image is ready. */
  private static final int STARTING = 2;

  final TreeSet<String> secrets = new TreeSet<>();
  final Map<String, Function> functions = new LinkedHashMap<>();

  /** How many PUTs still answer 200 and do nothing. */
  int conflicts;

  /** For how many polls a function that is deleted can still be seen. */
  int deletionTakes = 2;

  /** How many reads of logs still answer as while the Kubernetes API is away. */
  int logsAway;

  /** For how many GETs the cache is behind and does not show the functions. */
  int cacheBehind;

  private int pods;

  static final class Function {
    JsonNode spec = Json.object();
    final List<Pod> pods = new ArrayList<>();
    int goneIn = -1;
  }

  static final class Pod {
    final String name;
    final String image;
    int readyIn;

    Pod(String name, String image) {
      this.name = name;
      this.image = image;
      this.readyIn = image.contains("never-pulls") || image.contains("crashes") ? -1 : STARTING;
    }

    boolean isReady() {
      return readyIn == 0;
    }

    boolean hasWritten() {
      return !image.contains("never-pulls");
    }
  }

  @Override
  public Answer answer(String method, String path, String query, JsonNode body) {
    if (path.equals("/system/info")) {
      return FaultyGateway.info("faas-netes-ce", "kubernetes");
    }
    if (path.equals("/system/secrets")) {
      return secret(method, body.path("name").asText());
    }
    if (path.equals("/system/functions")) {
      return switch (method) {
        case "POST" -> post(body);
        case "PUT" -> put(body);
        case "DELETE" -> delete(body.path("functionName").asText());
        default -> Answer.of(405);
      };
    }
    if (path.startsWith("/system/function/")) {
      return get(path.substring("/system/function/".length()));
    }
    if (path.equals("/system/logs")) {
      return logs(query.replaceAll(".*name=([^&]*).*", "$1"));
    }
    String name = path.replaceAll("^/function/([^/]*).*", "$1");
    Function called = functions.get(name);
    if (called == null) {
      return new Answer(
          404,
          "error finding function "
              + name
              + ".openfaas-fn: server returned non-200 status code (404) for function, "
              + name
              + ", body: ");
    }
    return called.pods.stream().anyMatch(Pod::isReady) ? new Answer(200, "OK") : Answer.of(503);
  }

  private Answer secret(String method, String name) {
    return switch (method) {
      case "GET" -> FaultyGateway.secretList(secrets);
      case "POST" -> secrets.add(name) ? Answer.of(202) : Answer.of(409);
      case "PUT" -> secrets.contains(name) ? Answer.of(202) : Answer.of(404);
      case "DELETE" -> secrets.remove(name) ? Answer.of(202) : Answer.of(404);
      default -> Answer.of(405);
    };
  }

  private Answer post(JsonNode spec) {
    String name = spec.path("service").asText();
    for (JsonNode secret : spec.path("secrets")) {
      if (!secrets.contains(secret.asText())) {
        return new Answer(
            400, "unable to fetch secrets: secrets \"" + secret.asText() + "\" not found");
      }
    }
    if (spec.path("labels").path("com.openfaas.scale.max").asInt() > 5) {
      return new Answer(
          400, "validation failed: com.openfaas.scale.max is set too high for Community Edition");
    }
    Function there = functions.get(name);
    if (there != null && there.goneIn >= 0) {
      tick(name, there);
      return new Answer(
          500,
          "unable create Deployment: object is being deleted: deployments.apps \""
              + name
              + "\" already exists");
    }
    if (there != null) {
      return new Answer(
          500, "unable create Deployment: deployments.apps \"" + name + "\" already exists");
    }
    if (functions.size() >= MOST_FUNCTIONS) {
      return new Answer(400, "unable to create function, maximum: 30");
    }
    var function = new Function();
    function.spec = spec;
    function.pods.add(pod(name, spec));
    functions.put(name, function);
    return Answer.of(202);
  }

  private Answer put(JsonNode spec) {
    String name = spec.path("service").asText();
    Function there = functions.get(name);
    if (there == null) {
      return new Answer(
          404,
          "unable update Deployment: "
              + name
              + ".openfaas-fn, error: deployments.apps \""
              + name
              + "\" not found");
    }
    if (conflicts > 0 || there.goneIn >= 0) {
      conflicts--;
      return Answer.of(200);
    }
    there.spec = spec;
    // A rolling update: what was not ready goes, the ready pod stays until the new one is ready.
    there.pods.removeIf(pod -> !pod.isReady());
    there.pods.add(pod(name, spec));
    return Answer.of(202);
  }

  private Pod pod(String name, JsonNode spec) {
    return new Pod(name + "-" + ++pods, spec.path("image").asText());
  }

  private Answer delete(String name) {
    Function there = functions.get(name);
    if (there == null) {
      return new Answer(404, "deployments.apps \"" + name + "\" not found");
    }
    if (there.goneIn >= 0) {
      return new Answer(404, "services \"" + name + "\" not found");
    }
    there.goneIn = deletionTakes;
    return Answer.of(202);
  }

  private Answer get(String name) {
    if (cacheBehind > 0) {
      cacheBehind--;
      return Answer.of(404);
    }
    Function there = functions.get(name);
    if (there == null || tick(name, there)) {
      return Answer.of(404);
    }
    ObjectNode answer =
        Json.object()
            .put("name", name)
            .put("image", there.spec.path("image").asText())
            .put("namespace", "openfaas-fn")
            .put("replicas", 1);
    long ready = there.pods.stream().filter(Pod::isReady).count();
    if (ready > 0) {
      answer.put("availableReplicas", ready);
    }
    return new Answer(200, Json.text(answer));
  }

  /** A poll passes; true if the function is gone by it. */
  private boolean tick(String name, Function function) {
    if (function.goneIn == 0) {
      functions.remove(name);
      return true;
    }
    if (function.goneIn > 0) {
      function.goneIn--;
    }
    for (Pod pod : List.copyOf(function.pods)) {
      if (pod.readyIn > 0 && --pod.readyIn == 0) {
        function.pods.removeIf(old -> old != pod);
      }
    }
    return false;
  }

  private Answer logs(String name) {
    Function there = functions.get(name);
    if (logsAway > 0) {
      logsAway--;
      there = null;
    }
    if (there == null) {
      return new Answer(500, "unknown log request error (500)");
    }
    var lines = new StringBuilder();
    for (Pod pod : there.pods) {
      if (pod.hasWritten()) {
        ObjectNode line =
            Json.object()
                .put("name", name)
                .put("namespace", "")
                .put("instance", pod.name)
                .put("timestamp", "2026-11-21T03:19:53.1Z")
                .put("text", pod.image.contains("crashes") ? "panic: boom\n" : "Listening\n");
        lines.append(Json.text(line)).append('\n');
      }
    }
    return new Answer(200, lines.toString());
  }
}
