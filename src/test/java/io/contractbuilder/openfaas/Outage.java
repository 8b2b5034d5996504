package io.contractbuilder.openfaas;

import io.contractbuilder.openfaas.FaultyGateway.Answer;
import io.contractbuilder.openfaas.FaultyGateway.Request;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What faas-netes answers while something that it needs is away, as it was captured. */
enum Outage {
  /** faas-netes itself does not run. */
  PROVIDER_DOWN("provider down"),
  /** It runs, and cannot reach the Kubernetes API; what its cache holds it still says. */
  NO_KUBERNETES_API("no API server"),
  /** Its role does not let it touch secrets. */
  SECRETS_FORBIDDEN("forbidden");

  private static final Transcript CAPTURED =
      Transcript.of("10-faas-netes-4-outages-limits-objects.txt");

  private final String prefix;

  Outage(String prefix) {
    this.prefix = prefix;
  }

  private boolean isAsBefore(String operation) {
    return switch (this) {
      case PROVIDER_DOWN -> false;
      case NO_KUBERNETES_API -> Set.of("info", "status", "invoke", "health").contains(operation);
      case SECRETS_FORBIDDEN -> !operation.contains("secret");
    };
  }

  /** Null for what is answered as before. */
  @Nullable Answer answer(Request request) throws IOException {
    String operation = operation(request);
    if (isAsBefore(operation)) {
      return null;
    }
    String title =
        switch (operation) {
          case "status" -> "status of a function that runs";
          case "deploy with a secret", "update with a secret" ->
              this == SECRETS_FORBIDDEN || operation.startsWith("deploy") ? operation : "update";
          default -> operation;
        };
    return CAPTURED.answer(prefix + ": " + title);
  }

  private static String operation(Request request) throws IOException {
    String path = request.path();
    if (path.startsWith("/system/function/")) {
      return "status";
    }
    if (path.startsWith("/function/")) {
      return path.endsWith("/_/health") ? "health" : "invoke";
    }
    String secrets = request.json().path("secrets").isEmpty() ? "" : " with a secret";
    return switch (request.method() + " " + path) {
      case "GET /system/info" -> "info";
      case "GET /system/namespaces" -> "namespaces";
      case "GET /system/logs" -> "logs";
      case "GET /system/secrets" -> "secrets list";
      case "POST /system/secrets" -> "secret create";
      case "PUT /system/secrets" -> "secret replace";
      case "DELETE /system/secrets" -> "secret delete";
      case "POST /system/functions" -> "deploy" + secrets;
      case "PUT /system/functions" -> "update" + secrets;
      case "DELETE /system/functions" -> "delete";
      default -> throw new AssertionError("not captured: " + request);
    };
  }
}
