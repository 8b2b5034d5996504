package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway.Answer;
import io.contractbuilder.openfaas.FaultyGateway.Request;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers as faasd 0.18.6 did: in captured words, with names put in. An image whose name has {@code
 * missing} in it cannot be pulled; one with {@code noexec} cannot be started; one with {@code exit}
 * ends at once, and is not started again.
 */
final class Faasd implements FaultyGateway.Provider {
  private static final Transcript SECRETS = Transcript.of("1-info-and-secrets.txt");
  private static final Transcript FUNCTIONS = Transcript.of("2-functions.txt");
  private static final Transcript UPDATES = Transcript.of("3-update.txt");
  private static final Transcript REDEPLOYS = Transcript.of("4-redeploy.txt");
  private static final Transcript BROKEN = Transcript.of("5-broken-images-and-watchdogs.txt");
  private static final Transcript FAILURES =
      Transcript.of("6-namespaces-scale-update-failures.txt");

  final TreeSet<String> secrets = new TreeSet<>();
  final Map<String, JsonNode> functions = new LinkedHashMap<>();

  /** Those whose task does not run. */
  final Set<String> stopped = new HashSet<>();

  /** How many PUTs still fail because the old task does not end, leaving it stopped. */
  int stuckUpdates;

  /** Whether the secrets are gone once they were listed. */
  boolean losesSecrets;

  /** All that was ever written under the name, as journald keeps it. */
  final List<ObjectNode> log = new ArrayList<>();

  /** When the function was changed last. */
  private Instant changed = Instant.parse("2025-12-20T10:55:58.25111467Z");

  /** Whether {@code /system/info} names a provider. */
  boolean down;

  @Override
  public synchronized Answer answer(Request request) throws IOException {
    String path = request.path();
    JsonNode body = request.json();
    if (path.startsWith("/system/function/")) {
      return get(path.substring("/system/function/".length()));
    }
    if (path.startsWith("/function/")) {
      return FUNCTIONS.answer("invoke");
    }
    String service = body.path("service").asText();
    return switch (request.method() + " " + path) {
      case "GET /system/info" ->
          down
              ? Transcript.of("10-faas-netes-4-outages-limits-objects.txt")
                  .answer("provider down: info")
              : SECRETS.answer("info");
      case "GET /system/secrets" -> secretList();
      case "POST /system/secrets", "PUT /system/secrets" -> putSecret(body.path("name").asText());
      case "DELETE /system/secrets" -> deleteSecret(body.path("name").asText());
      case "POST /system/functions" -> post(service, body);
      case "PUT /system/functions" -> put(service, body);
      case "DELETE /system/functions" -> delete(body.path("functionName").asText());
      case "GET /system/logs" -> logs(request.query());
      default -> throw new AssertionError("not captured: " + request);
    };
  }

  private Answer secretList() {
    ArrayNode list = Json.array();
    secrets.forEach(s -> list.addObject().put("name", s).put("namespace", "openfaas-fn"));
    if (losesSecrets) {
      secrets.clear();
    }
    return new Answer(200, "text/plain; charset=utf-8", Json.text(list));
  }

  private Answer putSecret(String name) {
    if (name.contains("/")) {
      return SECRETS.answer("secret traversal");
    }
    secrets.add(name);
    return SECRETS.answer("secret create");
  }

  private Answer deleteSecret(String name) {
    return secrets.remove(name)
        ? SECRETS.answer("secret delete")
        : SECRETS.answer("secret delete nonexisting").with("k2", name);
  }

  private @Nullable Answer missingSecret(JsonNode spec) {
    for (JsonNode secret : spec.path("secrets")) {
      if (!secrets.contains(secret.asText())) {
        return FUNCTIONS.answer("deploy missing secret").with("missing", secret.asText());
      }
    }
    return null;
  }

  private Answer post(String name, JsonNode spec) {
    if (!name.matches("[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*")) {
      return FUNCTIONS.answer("deploy invalid name").with("Bad Name", name);
    }
    if (functions.containsKey(name)) {
      return REDEPLOYS.answer("redeploy after").with("f1", name);
    }
    Answer missing = missingSecret(spec);
    if (missing != null) {
      return missing;
    }
    String image = spec.path("image").asText();
    if (image.contains("missing")) {
      return FUNCTIONS
          .answer("deploy image not in registry")
          .with("127.0.0.1:5000/t/nope:1", image);
    }
    return started(name, spec);
  }

  private Answer started(String name, JsonNode spec) {
    functions.put(name, spec);
    stopped.remove(name);
    changed = changed.plusSeconds(60);
    String image = spec.path("image").asText();
    if (image.contains("noexec")) {
      stopped.add(name);
      return BROKEN.answer("deploy noexec").with("task: noexec", "task: " + name);
    }
    if (image.contains("exit")) {
      stopped.add(name);
    }
    if (!image.contains("silent")) {
      write(name, "Writing lock-file to: /tmp/.lock of " + image);
    }
    return FUNCTIONS.answer("deploy ok");
  }

  /** From a time on, and with a tail the OLDEST lines of those, as journalctl does it. */
  private Answer logs(String query) {
    Matcher since = Pattern.compile("since=([^&]*)").matcher(query);
    Matcher tail = Pattern.compile("tail=([0-9]+)").matcher(query);
    Instant from =
        since.find()
            ? Instant.parse(since.group(1)).truncatedTo(ChronoUnit.SECONDS)
            : Instant.parse("2025-12-20T00:00:00Z");
    var text = new StringBuilder();
    log.stream()
        .filter(line -> !Instant.parse(line.path("timestamp").asText()).isBefore(from))
        .limit(tail.find() ? Long.parseLong(tail.group(1)) : Long.MAX_VALUE)
        .forEach(line -> text.append(Json.text(line)).append('\n'));
    return new Answer(200, text.toString());
  }

  private void write(String name, String text) {
    ObjectNode line =
        Json.object()
            .put("name", name)
            .put("namespace", "openfaas-fn")
            .put("instance", "452")
            .put("timestamp", changed.plusMillis(60).toString())
            .put("text", text);
    log.add(line);
  }

  private Answer put(String name, JsonNode spec) {
    if (!functions.containsKey(name)) {
      return FUNCTIONS.answer("update nonexisting").with("f1", name);
    }
    if (missingSecret(spec) != null) {
      // It goes on all the same, and leaves a task that cannot be started.
      functions.put(name, spec);
      stopped.add(name);
      return REDEPLOYS.answer("update missing secret").with("f1", name);
    }
    String image = spec.path("image").asText();
    if (image.contains("missing")) {
      // The function is gone: faasd deletes before it pulls.
      functions.remove(name);
      return FAILURES.answer("update pull failure").with("127.0.0.1:5000/t/nope:9", image);
    }
    if (stuckUpdates > 0) {
      stuckUpdates--;
      stopped.add(name);
      return UPDATES.answer("update ok (new env)").with("f1", name);
    }
    return started(name, spec);
  }

  private Answer delete(String name) {
    return functions.remove(name) == null
        ? FUNCTIONS.answer("delete nonexisting").with("f1", name)
        : REDEPLOYS.answer("delete");
  }

  private Answer get(String name) {
    JsonNode spec = functions.get(name);
    if (spec == null) {
      return FUNCTIONS.answer("status nonexisting");
    }
    ObjectNode answer =
        Json.object()
            .put("name", name)
            .put("image", spec.path("image").asText())
            .put("namespace", "openfaas-fn");
    answer.set("envVars", spec.path("envVars"));
    if (!stopped.contains(name)) {
      answer.put("replicas", 1).put("availableReplicas", 1);
    }
    answer.put("createdAt", changed.toString());
    return new Answer(200, "application/json", Json.text(answer));
  }
}
