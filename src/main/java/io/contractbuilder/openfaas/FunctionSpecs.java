package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Function specifications in the gateway's JSON, which is also the form in which they are stored.
 */
public final class FunctionSpecs {
  private FunctionSpecs() {}

  /** The body of {@code POST} and {@code PUT /system/functions}. */
  public static ObjectNode toJson(FunctionSpec spec) {
    ObjectNode body =
        Json.object()
            .put("service", spec.service())
            .put("image", spec.image())
            .put("envProcess", spec.envProcess());
    spec.envVars().forEach(body.putObject("envVars")::put);
    spec.secrets().forEach(body.putArray("secrets")::add);
    spec.labels().forEach(body.putObject("labels")::put);
    // Processor before memory, whatever map they come in: equal functions are equal bytes.
    new TreeMap<>(spec.limits()).forEach(body.putObject("limits")::put);
    new TreeMap<>(spec.requests()).forEach(body.putObject("requests")::put);
    return body;
  }

  /** Reads what {@link #toJson} wrote; what is not there is empty. */
  public static FunctionSpec fromJson(JsonNode body) {
    List<String> secrets = new ArrayList<>();
    body.path("secrets").forEach(name -> secrets.add(name.asText()));
    return new FunctionSpec(
        body.path("service").asText(),
        body.path("image").asText(),
        body.path("envProcess").asText(),
        texts(body.path("envVars")),
        secrets,
        texts(body.path("labels")),
        texts(body.path("limits")),
        texts(body.path("requests")));
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    object.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }
}
