package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * HTTP calls to one gateway. A call that did not get through, or was answered by 429, 502, 503 or
 * 504, is repeated: three times, after 0.2, 0.6 and 1.8 s.
 */
final class GatewayCalls implements AutoCloseable {
  /** Largest answer of a function, and largest log, that is read, in bytes. */
  static final int MAX_ANSWER = 16 << 20;

  /** Largest answer of the gateway itself, in bytes. */
  static final int MAX_WORDS = 1 << 20;

  private static final int REPEATS = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  private final URI gateway;
  private final @Nullable String authorization;
  private final Pauses pauses;
  private final CloseableHttpClient client;
  private final CallTimer timer = new CallTimer();

  // The one that a thread waits for now; a gateway is used by one thread at a time.
  private volatile @Nullable HttpUriRequestBase waiting;

  GatewayCalls(URI gateway, @Nullable String user, @Nullable Secret password, Pauses pauses) {
    this.gateway = withoutUserInfo(gateway);
    this.pauses = pauses;
    // Without a password no header at all: gateways answer 401 to an empty one.
    this.authorization =
        user == null || password == null ? null : basic(user + ":" + password.reveal());
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDefaultConnectionConfig(
                ConnectionConfig.custom().setConnectTimeout(Timeout.ofSeconds(5)).build())
            .build();
    this.client =
        HttpClients.custom()
            .setConnectionManager(connections)
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableContentCompression()
            .build();
  }

  /** Who asks is said by the settings; a password in an address would be shown in every message. */
  private static URI withoutUserInfo(URI address) {
    return URI.create(address.toString().replaceFirst("//[^/@]*@", "//"));
  }

  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A call that may be repeated. */
  GatewayAnswer call(String method, String path, @Nullable JsonNode body, Duration limit) {
    Duration pause = FIRST_PAUSE;
    for (int tried = 0; ; tried++) {
      boolean last = tried == REPEATS;
      try {
        byte[] bytes = body == null ? null : Json.write(body);
        GatewayAnswer answer = once(method, path, bytes, Map.of(), limit);
        if (last || !isPassing(answer.status())) {
          return answer;
        }
      } catch (IOException e) {
        if (last || e instanceof InterruptedIOException || Thread.currentThread().isInterrupted()) {
          throw unreachable(method, path, e);
        }
      }
      pauses.pause(pause);
      pause = pause.multipliedBy(3);
    }
  }

  /** Whether it was said by somebody on the way, or may be otherwise in a moment. */
  private static boolean isPassing(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }

  /** One call, whatever comes of it. */
  GatewayAnswer once(
      String method,
      String path,
      byte @Nullable [] body,
      Map<String, String> headers,
      Duration limit)
      throws IOException {
    var request = new HttpUriRequestBase(method, resolved(path));
    request.setConfig(
        RequestConfig.custom()
            .setResponseTimeout(Timeout.of(limit))
            .setConnectionRequestTimeout(Timeout.of(limit))
            .build());
    headers.forEach(request::setHeader);
    if (path.startsWith("/system/") && authorization != null) {
      request.setHeader("Authorization", authorization);
    }
    if (body != null) {
      request.setEntity(
          new ByteArrayEntity(
              body,
              path.startsWith("/system/")
                  ? ContentType.APPLICATION_JSON
                  : ContentType.APPLICATION_OCTET_STREAM));
    }
    waiting = request;
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("stopped");
      }
      boolean words = path.startsWith("/system/") && !path.startsWith("/system/logs");
      int most = words ? MAX_WORDS : MAX_ANSWER;
      return timer.inTime(
          request, limit, () -> client.execute(request, r -> answer(request, r, most)));
    } catch (IllegalStateException e) {
      if (!request.isCancelled()) {
        throw e;
      }
      // Stopped before it had a connection.
      throw new InterruptedIOException("stopped");
    } finally {
      waiting = null;
    }
  }

  /** Ends the call that another thread waits for: an interrupt would not. */
  void abort() {
    HttpUriRequestBase request = waiting;
    if (request != null) {
      request.cancel();
    }
  }

  private URI resolved(String path) {
    String base = gateway.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  private static GatewayAnswer answer(
      HttpUriRequestBase request, ClassicHttpResponse response, int most) throws IOException {
    HttpEntity entity = response.getEntity();
    byte[] body = new byte[0];
    if (entity != null) {
      try (InputStream in = entity.getContent()) {
        body = in.readNBytes(most);
        if (in.read() >= 0) {
          // Closing an answer reads the rest of it.
          request.cancel();
          throw new IOException("an answer of more than " + most + " bytes");
        }
      }
    }
    Header type = response.getFirstHeader("Content-Type");
    return new GatewayAnswer(response.getCode(), type == null ? "" : type.getValue(), body);
  }

  /** The fault for a gateway that gave no answer. */
  GatewayException unreachable(String method, String path, IOException cause) {
    String remedy =
        switch (cause) {
          case ConnectException e ->
              "Nothing listens there: check FAAS_GATEWAY, or start `contract-builder platform`";
          case UnknownHostException e -> "Check the host's name in FAAS_GATEWAY";
          case InterruptedIOException e -> "It took too long: look at the gateway and its provider";
          default -> "Look at the gateway's log; the same may go well later";
        };
    return new GatewayException(
        shown(), method + " " + withoutQuery(path), 0, described(cause), remedy, true, cause);
  }

  private static String described(IOException cause) {
    return cause.getClass().getSimpleName()
        + (cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")");
  }

  /** The fault for an answer that was not asked for. */
  GatewayException refused(String operation, GatewayAnswer answer, String remedy) {
    return refused(operation, answer, remedy, retryHelps(answer));
  }

  /** The same, where it is known better whether a retry helps. */
  GatewayException refused(
      String operation, GatewayAnswer answer, String remedy, boolean retryHelps) {
    String better =
        switch (answer.status()) {
          case 401 ->
              "Check the gateway's user and password (CONTRACT_BUILDER_GATEWAY_USER_FILE,"
                  + " CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE)";
          case 403 -> "The provider may not do this: check its permissions (RBAC of faas-netes)";
          case 502, 503, 504 ->
              "The provider behind the gateway is down or starting; the same may go well later";
          case 429 -> "The gateway is busy; the same may go well later";
          default -> remedy;
        };
    return new GatewayException(
        shown(), operation, answer.status(), answer.words(), better, retryHelps, null);
  }

  /** Whether the same may go well later: not where Kubernetes says that something is wrong. */
  static boolean retryHelps(GatewayAnswer answer) {
    return isPassing(answer.status())
        || (answer.status() == 500 && !answer.says("is invalid", "Invalid value", "must match"));
  }

  /** The gateway's address for messages. */
  String shown() {
    return gateway.getScheme() + "://" + gateway.getAuthority();
  }

  private static String withoutQuery(String path) {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  @Override
  public void close() {
    timer.close();
    client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
  }

  /** Waits between two tries. */
  interface Pauses {
    void pause(Duration duration);
  }
}
