package io.contractbuilder.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import io.contractbuilder.local.functions.Functions;
import io.contractbuilder.local.functions.Refused;
import io.contractbuilder.local.functions.SecretStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** {@code /system/…}: what operators and deployers ask. */
final class SystemApi {
  private static final String NAMESPACE = "openfaas-fn";
  private final Functions functions;
  private final SecretStore secrets;
  private final String release;

  SystemApi(Functions functions, SecretStore secrets, String release) {
    this.functions = functions;
    this.secrets = secrets;
    this.release = release;
  }

  void info(HttpExchange exchange) throws IOException {
    ObjectNode info = Json.object();
    ObjectNode provider = info.putObject("provider").put("provider", "contract-builder");
    provider.putObject("version").put("sha", "").put("release", release);
    provider.put("orchestration", "containers");
    info.putObject("version").put("sha", "").put("release", release);
    info.put("arch", System.getProperty("os.arch", ""));
    Answers.json(exchange, Json.write(info));
  }

  void namespaces(HttpExchange exchange) throws IOException {
    Answers.json(exchange, Json.write(Json.array().add(NAMESPACE)));
  }

  void functions(HttpExchange exchange) throws IOException, Refused, InterruptedException {
    switch (exchange.getRequestMethod()) {
      case "GET" -> {
        checkNamespace(Query.value(exchange, "namespace"));
        Answers.json(exchange, Json.write(functions.list()));
      }
      case "POST" -> {
        functions.create(body(exchange, 400));
        Answers.empty(exchange, 200);
      }
      case "PUT" -> {
        functions.replace(body(exchange, 400));
        Answers.empty(exchange, 200);
      }
      case "DELETE" -> {
        JsonNode body = body(exchange, 400);
        checkNamespace(body.path("namespace").asText(""));
        checkNamespace(Query.value(exchange, "namespace"));
        functions.delete(body.path("functionName").asText(""));
        Answers.empty(exchange, 200);
      }
      default -> Answers.empty(exchange, 405);
    }
  }

  void function(HttpExchange exchange, String name) throws IOException, Refused {
    checkNamespace(Query.value(exchange, "namespace"));
    @Nullable ObjectNode shown = functions.show(name);
    if (shown == null) {
      Answers.empty(exchange, 404);
    } else {
      Answers.json(exchange, Json.write(shown));
    }
  }

  void scale(HttpExchange exchange, String name) throws IOException, Refused, InterruptedException {
    JsonNode body = body(exchange, 400);
    checkNamespace(body.path("namespace").asText(""));
    functions.scale(name, body.path("replicas").asInt(0));
    Answers.empty(exchange, 200);
  }

  void secrets(HttpExchange exchange) throws IOException, Refused {
    switch (exchange.getRequestMethod()) {
      case "GET" -> {
        checkNamespace(Query.value(exchange, "namespace"));
        ArrayNode list = Json.array();
        for (String name : secrets.names()) {
          list.addObject().put("name", name).put("namespace", NAMESPACE);
        }
        Answers.plain(exchange, 200, Json.text(list));
      }
      case "POST", "PUT" -> {
        JsonNode body = body(exchange, 500);
        checkNamespace(body.path("namespace").asText(""));
        functions.putSecret(body.path("name").asText(""), value(body));
        Answers.empty(exchange, 200);
      }
      case "DELETE" -> {
        JsonNode body = body(exchange, 500);
        checkNamespace(body.path("namespace").asText(""));
        checkNamespace(Query.value(exchange, "namespace"));
        secrets.delete(body.path("name").asText(""));
        Answers.empty(exchange, 200);
      }
      default -> Answers.empty(exchange, 405);
    }
  }

  private static byte[] value(JsonNode body) throws Refused {
    String raw = body.path("rawValue").asText("");
    if (raw.isEmpty()) {
      return body.path("value").asText("").getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(raw);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "rawValue: base64 is expected");
    }
  }

  private static void checkNamespace(String namespace) throws Refused {
    if (!namespace.isEmpty() && !namespace.equals(NAMESPACE)) {
      throw new Refused(400, "namespace not valid");
    }
  }

  /**
   * Reads a body; its text is in no message, as a secret may be in it.
   *
   * @param status of the refusal, which differs from part to part
   */
  private static JsonNode body(HttpExchange exchange, int status) throws IOException, Refused {
    byte[] text = Answers.request(exchange);
    if (text.length == 0) {
      throw new Refused(status, "unexpected end of JSON input");
    }
    try {
      JsonNode body = Json.read(text);
      if (body.isObject()) {
        return body;
      }
      throw new Refused(status, "a JSON object is expected");
    } catch (MalformedJson e) {
      throw new Refused(status, "invalid JSON: " + e.getMessage());
    }
  }
}
