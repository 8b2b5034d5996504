package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway.Answer;
import io.contractbuilder.openfaas.FaultyGateway.Request;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers as faas-netes (Community Edition) on Kubernetes 1.34 did: in captured words, with names
 * put in. For what images do, see {@link Pod}.
 */
final class FaasNetes implements FaultyGateway.Provider {
  private static final Transcript SECRETS = Transcript.of("10-faas-netes-1-info-and-secrets.txt");
  private static final Transcript FUNCTIONS = Transcript.of("10-faas-netes-2-functions.txt");
  private static final Transcript UPDATES =
      Transcript.of("10-faas-netes-3-updates-and-deletes.txt");
  private static final Transcript LIMITS =
      Transcript.of("10-faas-netes-4-outages-limits-objects.txt");
  private static final int MOST_FUNCTIONS = 30;

  final TreeSet<String> secrets = new TreeSet<>();
  final Map<String, Rollout> functions = new LinkedHashMap<>();

  /** What is away; null for nothing. */
  @Nullable Outage outage;

  /** As {@code /system/info} says it. */
  String release = "dev";

  /** As {@code /system/info} says it. */
  String name = "faas-netes-ce";

  /** How many PUTs still answer 200 and do nothing. */
  int conflicts;

  /** For how many polls a function that is deleted can still be seen. */
  int deletionTakes = 2;

  /** How many reads of logs still answer as while the Kubernetes API is away. */
  int logsAway;

  /** For how many GETs the cache is behind and does not show the functions. */
  int cacheBehind;

  @Override
  public synchronized Answer answer(Request request) throws IOException {
    Answer away = outage == null ? null : outage.answer(request);
    if (away != null) {
      return away;
    }
    String path = request.path();
    JsonNode body = request.json();
    if (path.startsWith("/system/function/")) {
      return get(path.substring("/system/function/".length()));
    }
    if (path.startsWith("/function/")) {
      return call(path.replaceAll("^/function/([^/]*).*", "$1"), path.endsWith("/_/health"));
    }
    return switch (request.method() + " " + path) {
      case "GET /system/info" ->
          SECRETS
              .answer("info")
              .with("faas-netes-ce", name)
              .with("\"dev\"},\"orch", '"' + release + "\"},\"orch");
      case "GET /system/namespaces" -> SECRETS.answer("namespaces");
      case "GET /system/secrets" -> secretList();
      case "POST /system/secrets" -> newSecret(body.path("name").asText());
      case "PUT /system/secrets" ->
          SECRETS.answer(
              secrets.contains(body.path("name").asText())
                  ? "secret replace"
                  : "secret replace missing");
      case "DELETE /system/secrets" ->
          SECRETS.answer(
              secrets.remove(body.path("name").asText())
                  ? "secret delete"
                  : "secret delete missing");
      case "GET /system/functions" -> list();
      case "POST /system/functions" -> post(body);
      case "PUT /system/functions" -> put(body);
      case "DELETE /system/functions" -> delete(body.path("functionName").asText());
      case "GET /system/logs" -> logs(request.query());
      default -> SECRETS.answer("namespace create");
    };
  }

  private Answer secretList() {
    ArrayNode list = Json.array();
    secrets.forEach(s -> list.addObject().put("name", s).put("namespace", "openfaas-fn"));
    return new Answer(200, "application/json", Json.text(list));
  }

  private Answer newSecret(String secret) {
    if (secret.isEmpty()) {
      return SECRETS.answer("secret create, no name");
    }
    if (!secret.matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")) {
      return SECRETS.answer("secret create, underscore");
    }
    return SECRETS.answer(secrets.add(secret) ? "secret create" : "secret create existing");
  }

  /** What both ways of deploying refuse; null for what passes. */
  private static @Nullable Answer invalid(JsonNode spec) {
    String service = spec.path("service").asText();
    if (!service.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?")) {
      return FUNCTIONS.answer("deploy invalid name").with("Bad Name", service);
    }
    for (String end : new String[] {"max", "min"}) {
      if (spec.path("labels").path("com.openfaas.scale." + end).asInt() > 5) {
        return FUNCTIONS.answer("deploy scale." + end + " 6");
      }
    }
    return null;
  }

  private static boolean hasBadQuantity(JsonNode spec) {
    return spec.path("limits").findValuesAsText("cpu").contains("lots");
  }

  private static boolean isRefusedByKubernetes(JsonNode spec) {
    return spec.path("envVars").properties().stream().anyMatch(e -> e.getKey().contains("="));
  }

  private Answer post(JsonNode spec) {
    Answer invalid = invalid(spec);
    if (invalid != null) {
      return invalid;
    }
    String service = spec.path("service").asText();
    for (JsonNode secret : spec.path("secrets")) {
      if (!secrets.contains(secret.asText())) {
        return FUNCTIONS.answer("deploy missing secret").with("missing", secret.asText());
      }
    }
    if (hasBadQuantity(spec)) {
      return FUNCTIONS.answer("deploy invalid cpu limit");
    }
    Rollout there = functions.get(service);
    if (there == null && functions.size() >= MOST_FUNCTIONS) {
      return LIMITS.answer("deploy the thirty-first");
    }
    if (isRefusedByKubernetes(spec)) {
      return FUNCTIONS.answer("deploy environment name 'a=b'").with("f2", service);
    }
    if (there != null) {
      boolean going = there.isGoing();
      pass(service, there);
      return going
          ? UPDATES.answer("deploy at once").with("f1", service)
          : FUNCTIONS.answer("deploy again same").with("f1", service);
    }
    functions.put(service, new Rollout(service, spec));
    return FUNCTIONS.answer("deploy ok");
  }

  private Answer put(JsonNode spec) {
    Answer invalid = invalid(spec);
    if (invalid != null) {
      return invalid;
    }
    String service = spec.path("service").asText();
    Rollout there = functions.get(service);
    if (there == null) {
      return FUNCTIONS.answer("update nonexisting").with("f1", service);
    }
    for (JsonNode secret : spec.path("secrets")) {
      if (!secrets.contains(secret.asText())) {
        return UPDATES.answer("update, missing secret").with("missing", secret.asText());
      }
    }
    if (there.isGoing()) {
      boolean late = there.goneIn * 2 < deletionTakes;
      return UPDATES
          .answer(late ? "8 s later: update" : "update at once: refused with 200 and nothing")
          .with("s1", service);
    }
    if (conflicts > 0) {
      conflicts--;
      return UPDATES.answer("update, requests above limits");
    }
    if (hasBadQuantity(spec) || isRefusedByKubernetes(spec)) {
      return UPDATES.answer("update, invalid cpu limit");
    }
    there.replace(spec);
    return UPDATES.answer("update ok");
  }

  private Answer delete(String function) {
    Rollout there = functions.get(function);
    if (there == null) {
      return FUNCTIONS.answer("delete nonexisting").with("f1", function);
    }
    if (there.isGoing()) {
      return UPDATES.answer("8 s later: delete").with("s1", function);
    }
    there.goneIn = deletionTakes;
    return UPDATES.answer("delete s1");
  }

  private Answer list() {
    ArrayNode list = Json.array();
    functions.values().forEach(there -> list.add(there.shown()));
    return new Answer(200, "application/json", Json.text(list));
  }

  private Answer get(String function) {
    if (cacheBehind > 0) {
      cacheBehind--;
      return FUNCTIONS.answer("status nonexisting");
    }
    Rollout there = functions.get(function);
    if (there == null || pass(function, there)) {
      return FUNCTIONS.answer("status nonexisting");
    }
    return new Answer(200, "application/json", Json.text(there.shown()));
  }

  /** A poll passes; true if the function is gone by it. */
  private boolean pass(String function, Rollout rollout) {
    if (rollout.pass()) {
      functions.remove(function);
      return true;
    }
    return false;
  }

  private Answer logs(String query) {
    Rollout there = functions.get(query.replaceAll(".*name=([^&]*).*", "$1"));
    int tail = Integer.parseInt(query.replaceAll(".*tail=([0-9]+).*", "$1"));
    if (logsAway > 0) {
      logsAway--;
      there = null;
    }
    return there == null
        ? FUNCTIONS.answer("logs nonexisting")
        : new Answer(200, "text/plain; charset=utf-8", there.log(tail));
  }

  private Answer call(String function, boolean health) {
    Rollout called = functions.get(function);
    if (called == null) {
      return FUNCTIONS.answer("invoke nonexisting (scale_from_zero=true)").with("f1", function);
    }
    if (!called.isReady()) {
      return FUNCTIONS
          .answer("invoke crashed function (scale_from_zero=false)")
          .with("c1", function);
    }
    return FUNCTIONS.answer(health ? "health" : "invoke");
  }
}
