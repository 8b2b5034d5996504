package io.contractbuilder.launch;

import io.contractbuilder.contract.PartFailure;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Kubernetes' API did not do what was asked of it. */
public final class KubernetesFailure extends PartFailure {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNPROCESSABLE = 422;

  private final int code;

  private KubernetesFailure(
      String operation,
      String answer,
      String remedy,
      boolean retryHelps,
      int code,
      @Nullable Throwable why) {
    super("Kubernetes", operation, answer, remedy, retryHelps, why);
    this.code = code;
  }

  /**
   * By what the client threw.
   *
   * @param operation what was tried: a verb, a resource, a name
   */
  static KubernetesFailure of(String operation, KubernetesClientException thrown) {
    // Without an answer the client says 0 or -1.
    int code = Math.max(thrown.getCode(), 0);
    Status status = thrown.getStatus();
    String said = status == null || status.getMessage() == null ? "" : ": " + status.getMessage();
    return new KubernetesFailure(
        operation,
        code == 0 ? "no answer (" + cause(thrown) + ")" : code + said,
        remedy(code),
        code != HttpURLConnection.HTTP_BAD_REQUEST && code != UNPROCESSABLE,
        code,
        thrown);
  }

  /** Of a processor that may not do what it has to. */
  static KubernetesFailure lacking(String namespace, List<Rights> rights) {
    return new KubernetesFailure(
        "launch Jobs in namespace " + namespace,
        "the service account may not "
            + rights.stream().map(Rights::toString).collect(Collectors.joining(", ")),
        "Allow it by a Role (docs/kubernetes.md)",
        false,
        HttpURLConnection.HTTP_FORBIDDEN,
        null);
  }

  /** Whether the same question a moment later may well be answered. */
  boolean passes() {
    return code == 0 || code == TOO_MANY_REQUESTS || code >= HttpURLConnection.HTTP_INTERNAL_ERROR;
  }

  /** The answer's HTTP status; 0: there was none. */
  int code() {
    return code;
  }

  private static String remedy(int code) {
    return switch (code) {
      case 0 -> "Check that the API server runs and can be reached";
      case HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE ->
          "Check CONTRACT_BUILDER_JOB_TEMPLATE";
      case HttpURLConnection.HTTP_UNAUTHORIZED -> "Check the processor's service account";
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "Check the Role and the quotas of the namespace (docs/kubernetes.md)";
      case HttpURLConnection.HTTP_NOT_FOUND -> "Check CONTRACT_BUILDER_JOB_NAMESPACE";
      case TOO_MANY_REQUESTS -> "The API server is overloaded";
      default -> "Look at the API server";
    };
  }

  private static String cause(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }
}
