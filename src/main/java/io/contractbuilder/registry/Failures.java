package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Says what went wrong with a registry, and what to do. */
final class Failures {
  private static final int ERROR_BODY = 16 << 10;
  private final String part;

  Failures(String part) {
    this.part = part;
  }

  /** Whose failures. */
  String part() {
    return part;
  }

  /** Whether the same request may go well a moment later. */
  static boolean isPassing(IOException e) {
    return !(e instanceof InterruptedIOException)
        && (e instanceof SocketException
            || e instanceof NoHttpResponseException
            || e instanceof ConnectionClosedException);
  }

  static boolean isPassing(int status) {
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
  }

  RegistryException of(String operation, IOException e) {
    String reason = readable(e);
    return switch (e) {
      case AddressGuard.ForbiddenAddress forbidden ->
          failed(operation, reason, "Allow the host or network in the settings if it is meant", e);
      case ProxyRoutes.ProxyFailure proxy ->
          failed(operation, reason, "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and its rules", e);
      case UnknownHostException unknown ->
          failed(operation, "its host is not known", "Check the name and the name server", e);
      case SSLException tls ->
          failed(
              operation,
              "TLS failed (" + reason + ")",
              "Put its CA at certs.d/<host>/ca.crt, and a certificate that it asks for at client.cert"
                  + " with client.key, or configure the host as plain HTTP",
              e);
      case Exchange.TooLong tooLong ->
          failed(operation, "an answer of " + reason, "The registry is broken or hostile", e);
      case MessageConstraintException flood ->
          failed(
              operation,
              "a head of more than "
                  + Connection.MOST_LINES
                  + " lines, or a line of more than "
                  + Connection.LONGEST_LINE
                  + " bytes ("
                  + reason
                  + ")",
              "The registry is broken or hostile",
              e);
      case SocketTimeoutException late ->
          retry(operation, "timed out (" + reason + ")", "Check that it is up and reachable", e);
      case ConnectException refused ->
          retry(operation, "no connection", "Check that it is up, its name and its port", e);
      case InterruptedIOException interrupted when Thread.currentThread().isInterrupted() ->
          RegistryException.cancelled(part, operation);
      default -> retry(operation, "the connection broke (" + reason + ")", "Try again", e);
    };
  }

  private RegistryException failed(String operation, String answer, String remedy, Throwable e) {
    return new RegistryException(part, operation, 0, answer, remedy, false, e);
  }

  private RegistryException retry(String operation, String answer, String remedy, Throwable e) {
    return new RegistryException(part, operation, 0, answer, remedy, true, e);
  }

  RegistryException lied(String operation, String answer) {
    return new RegistryException(
        part, operation, answer, "The registry is broken or hostile: nothing was tagged");
  }

  /** A yes that is not true. */
  RegistryException notDone(String operation, String answer) {
    return new RegistryException(
        part,
        operation,
        0,
        answer,
        "Check the registry's address, and what stands before the registry",
        true,
        null);
  }

  /** From an answer that is no success; reads its body. */
  RegistryException of(String operation, Exchange answer) {
    int status = answer.status();
    return new RegistryException(
        part,
        operation,
        status,
        status + reason(answer),
        remedy(status),
        isPassing(status) || status == 408,
        null);
  }

  private static String remedy(int status) {
    return switch (status) {
      case 401 -> "Give credentials for this registry, or check those that were given";
      case 403 -> "Check that the credentials allow it";
      case 404 -> "Check the name and the tag; some registries answer so where credentials lack";
      case 429 -> "It limits requests: try later, or with credentials";
      default ->
          status >= 500 ? "The registry failed: look at its log" : "Look at the registry's log";
    };
  }

  private static String reason(Exchange answer) {
    try {
      JsonNode error = Json.read(answer.body(ERROR_BODY)).path("errors").path(0);
      String code = error.path("code").asText("");
      String message = error.path("message").asText("");
      return code.isEmpty() ? "" : " (" + readable(code + ": " + message) + ")";
    } catch (IOException e) {
      return "";
    }
  }

  private static String readable(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : readable(message);
  }

  /** What others wrote: short, printable, without the query strings of addresses. */
  static String readable(String text) {
    String start = text.length() > 1000 ? text.substring(0, 1000) : text;
    String plain = start.replaceAll("[^\\x20-\\x7e]", " ").replaceAll("\\?[^ \"']*=[^ \"']*", "?…");
    return plain.length() > 200 ? plain.substring(0, 200) + "…" : plain;
  }
}
