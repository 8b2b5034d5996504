package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.util.ArrayList;
import java.util.List;

/** A function on faas-netes and its pods: old ones serve until new ones are ready. */
final class Rollout {
  private final String name;
  private final List<Pod> pods = new ArrayList<>();
  private JsonNode spec;
  private int made;

  /** For how many polls it can still be seen; negative if it is not being deleted. */
  int goneIn = -1;

  Rollout(String name, JsonNode spec) {
    this.name = name;
    this.spec = spec;
    pods.add(pod());
  }

  private Pod pod() {
    return new Pod(name + "-" + ++made, spec.path("image").asText() + spec.path("envVars"));
  }

  boolean isGoing() {
    return goneIn >= 0;
  }

  boolean isReady() {
    return pods.stream().anyMatch(Pod::isReady);
  }

  /** What was not ready goes, what is ready stays until the new one is. */
  void replace(JsonNode other) {
    spec = other;
    pods.removeIf(pod -> !pod.isReady());
    pods.add(pod());
  }

  /** A poll passes; true if the function is gone by it. */
  boolean pass() {
    if (goneIn == 0) {
      return true;
    }
    if (goneIn > 0) {
      goneIn--;
    }
    for (Pod pod : List.copyOf(pods)) {
      if (pod.pass()) {
        pods.removeIf(old -> old != pod);
      }
    }
    return false;
  }

  /** As GET shows it: no {@code envVars}, and no {@code availableReplicas} while there is none. */
  ObjectNode shown() {
    ObjectNode shown =
        Json.object()
            .put("name", name)
            .put("image", spec.path("image").asText())
            .put("namespace", "openfaas-fn")
            .put("envProcess", spec.path("envProcess").asText());
    shown.putObject("labels").put("faas_function", name);
    shown.put("replicas", 1);
    long ready = pods.stream().filter(Pod::isReady).count();
    if (ready > 0) {
      shown.put("availableReplicas", ready);
    }
    return shown.put("createdAt", "2026-11-21T03:20:56Z");
  }

  /** The last lines of each pod, one pod after the other. */
  String log(int tail) {
    var text = new StringBuilder();
    for (Pod pod : pods) {
      List<ObjectNode> lines = pod.log(name);
      lines.stream()
          .skip(Math.max(0, lines.size() - tail))
          .forEach(line -> text.append(Json.text(line)).append('\n'));
    }
    return text.toString();
  }
}
