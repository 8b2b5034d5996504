package io.contractbuilder.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Requests to one registry as one identity: challenges answered, passing failures tried again. */
final class Requests {
  static final int ATTEMPTS = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final long MAX_PAUSE_SECONDS = 5;
  private final Connections connections;
  private final Authorizer authorizer;
  private final Failures failures;
  private final RegistryClient.Pause pause;
  private final TrafficCount traffic;

  Requests(
      Connections connections,
      Authorizer authorizer,
      Failures failures,
      RegistryClient.Pause pause,
      TrafficCount traffic) {
    this.connections = connections;
    this.authorizer = authorizer;
    this.failures = failures;
    this.pause = pause;
    this.traffic = traffic;
  }

  /** Adds what a request has besides its address. */
  interface Prepare {
    void to(Request request);
  }

  /** Reads an answer; the exchange stays open if it is what is returned. */
  interface Handler<T> {
    T handle(Exchange exchange) throws IOException;
  }

  Failures failures() {
    return failures;
  }

  /**
   * Sends until there is an answer that counts, and hands it on.
   *
   * @param scope what is asked leave for; null: none, and no credentials are sent
   * @throws RegistryException if there is none
   */
  <T> T send(
      String operation,
      String method,
      URI uri,
      @Nullable String scope,
      Prepare prepare,
      Handler<T> handler) {
    boolean challenged = false;
    int attempt = 1;
    while (true) {
      Request request = request(method, uri, scope, prepare);
      try {
        Exchange exchange = connections.send(request, traffic);
        boolean open = false;
        try {
          if (exchange.status() == 401 && scope != null && !challenged) {
            challenged = true;
            if (answered(exchange, scope)) {
              continue;
            }
          } else if (Failures.isPassing(exchange.status()) && attempt < ATTEMPTS) {
            Duration asked = retryAfter(exchange);
            exchange.close();
            pause(operation, attempt++, asked);
            continue;
          }
          T result = handler.handle(exchange);
          open = result == exchange;
          return result;
        } finally {
          if (!open) {
            exchange.close();
          }
        }
      } catch (IOException e) {
        if (!Failures.isPassing(e) || attempt >= ATTEMPTS) {
          throw failures.of(operation, e);
        }
        pause(operation, attempt++, Duration.ZERO);
      }
    }
  }

  private Request request(String method, URI uri, @Nullable String scope, Prepare prepare) {
    Request request = new Request(method, uri);
    prepare.to(request);
    String authorization = scope == null ? null : authorizer.header(scope);
    if (authorization != null) {
      request.setHeader("Authorization", authorization);
    }
    return request;
  }

  private boolean answered(Exchange exchange, String scope) throws IOException {
    // Read to its end, a small body gives its connection back.
    exchange.body(64 << 10);
    return authorizer.answer(exchange.headers("WWW-Authenticate"), scope, traffic);
  }

  /** Sends an upload once; the caller tries again from the beginning. */
  <T> T upload(String operation, URI uri, String scope, UploadBody body, Handler<T> handler)
      throws IOException {
    Request request = request("PUT", uri, scope, r -> {});
    try (Exchange exchange = connections.upload(request, body, traffic)) {
      if (exchange.status() == 401) {
        answered(exchange, scope);
        throw new InterruptedUpload("its token ended");
      }
      return handler.handle(exchange);
    }
  }

  /** That an upload is to be begun anew. */
  static final class InterruptedUpload extends java.net.SocketException {
    InterruptedUpload(String message) {
      super(message);
    }
  }

  private static Duration retryAfter(Exchange exchange) {
    String header = exchange.header("Retry-After");
    if (header == null || !header.strip().matches("[0-9]{1,6}")) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(Math.min(Long.parseLong(header.strip()), MAX_PAUSE_SECONDS));
  }

  /** Waits before another attempt: as long as asked, and longer each time. */
  void pause(String operation, int attempt, Duration asked) {
    Duration own = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 4));
    try {
      pause.pause(asked.compareTo(own) > 0 ? asked : own);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.of(operation, new InterruptedIOException("cancelled"));
    }
  }
}
