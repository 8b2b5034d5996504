package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What a gateway lists, however many there are. */
final class GatewayLists {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final GatewayCalls calls;

  GatewayLists(GatewayCalls calls) {
    this.calls = calls;
  }

  List<ListedFunction> functions() {
    var functions = new ArrayList<ListedFunction>();
    each(
        "functions",
        Set.of("name", "image", "labels"),
        function -> functions.add(listed(function)));
    return functions;
  }

  private static ListedFunction listed(ObjectNode function) {
    Map<String, String> labels = new LinkedHashMap<>();
    function
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return new ListedFunction(
        function.path("name").asText(), function.path("image").asText(), labels);
  }

  List<String> secretNames() {
    var names = new ArrayList<String>();
    each("secrets", Set.of("name"), secret -> names.add(secret.path("name").asText()));
    return names;
  }

  private void each(String kind, Set<String> fields, Consumer<ObjectNode> listener) {
    String operation = "listing " + kind;
    GatewayAnswer answer = calls.call("GET", "/system/" + kind, null, LIMIT);
    if (!answer.isSuccess()) {
      throw calls.refused(
          operation, answer, "Check that FAAS_GATEWAY is the address of an OpenFaaS gateway");
    }
    try {
      // faasd says null where there is none.
      if (!answer.text().strip().equals("null")) {
        Json.each(answer.body(), fields, listener);
      }
    } catch (MalformedJson e) {
      throw calls.refused(
          operation,
          answer,
          "That is not what an OpenFaaS gateway says: check FAAS_GATEWAY and what stands before"
              + " the gateway");
    }
  }
}
