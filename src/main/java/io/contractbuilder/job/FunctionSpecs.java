package io.contractbuilder.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FunctionSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * STAND-IN for {@code io.contractbuilder.openfaas.FunctionSpecs}, which has the same two methods:
 * delete this file and import that class.
 */
final class FunctionSpecs {
  private FunctionSpecs() {}

  static ObjectNode toJson(FunctionSpec s) {
    var n = Json.object();
    n.put("service", s.service()).put("image", s.image()).put("envProcess", s.envProcess());
    map(n.putObject("envVars"), s.envVars());
    var secrets = n.putArray("secrets");
    s.secrets().forEach(secrets::add);
    map(n.putObject("labels"), s.labels());
    map(n.putObject("limits"), s.limits());
    map(n.putObject("requests"), s.requests());
    return n;
  }

  private static void map(ObjectNode n, Map<String, String> m) {
    m.forEach(n::put);
  }

  static FunctionSpec fromJson(JsonNode n) {
    var secrets = new ArrayList<String>();
    n.path("secrets").forEach(a -> secrets.add(a.asText()));
    return new FunctionSpec(
        n.path("service").asText(),
        n.path("image").asText(),
        n.path("envProcess").asText(),
        map(n.path("envVars")),
        secrets,
        map(n.path("labels")),
        map(n.path("limits")),
        map(n.path("requests")));
  }

  private static Map<String, String> map(JsonNode n) {
    var m = new LinkedHashMap<String, String>();
    n.properties().forEach(e -> m.put(e.getKey(), e.getValue().asText()));
    return m;
  }
}
