package io.contractbuilder.registry;

import io.contractbuilder.registry.ProxyRoutes.ProxyFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 to registries and their token services: kept connections, guarded addresses, bounded
 * heads, time-outs for everything. Redirects, retries, cookies and credentials are not its matter.
 */
final class Connections implements AutoCloseable {
  // A head is kept whole, at two bytes a letter, for each connection.
  private static final int MAX_HEADER_LINE = 8 << 10;
  private static final int MAX_HEADERS = 100;
  private static final int PER_HOST = 16;
  private final RegistryAccess.Timeouts timeouts;
  private final @Nullable ProxyRoutes routes;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor timer;
  private final Map<Thread, Map<HttpUriRequestBase, Boolean>> active = new ConcurrentHashMap<>();

  /**
   * @param own whose certificates hold for its own address; null: those in its folder
   */
  Connections(
      RegistryAccess access,
      AddressGuard.Lookup lookup,
      HostFolders hosts,
      @Nullable Endpoint own) {
    this.timeouts = access.timeouts();
    AddressGuard guard = new AddressGuard(access.allowed(), lookup);
    Proxies proxies = access.proxies();
    this.routes = proxies.isNone() ? null : new ProxyRoutes(access, guard, lookup);
    Timeout idle = Timeout.of(timeouts.idle());
    Http1Config heads =
        Http1Config.custom()
            .setMaxLineLength(MAX_HEADER_LINE)
            .setMaxHeaderCount(MAX_HEADERS)
            .setBufferSize(64 << 10)
            .build();
    HttpClientBuilder builder = HttpClients.custom();
    if (routes != null) {
      builder
          .setRoutePlanner(routes)
          .setDefaultCredentialsProvider(ProxyRoutes.credentials(proxies));
    }
    this.client =
        builder
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder().http1Config(heads).build())
                    .setDnsResolver(guard)
                    .setTlsSocketStrategy(new Tls(hosts, own))
                    .setMaxConnPerRoute(PER_HOST)
                    .setMaxConnTotal(8 * PER_HOST)
                    .setDefaultSocketConfig(
                        SocketConfig.custom().setSoTimeout(idle).setTcpNoDelay(true).build())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(Timeout.of(timeouts.connect()))
                            .setSocketTimeout(idle)
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(Timeout.of(timeouts.stored()))
                    .setExpectContinueEnabled(false)
                    .setProtocolUpgradeEnabled(false)
                    .build())
            .setUserAgent("contract-builder")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .build();
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, run -> Thread.ofPlatform().daemon().name("registry-deadlines").unstarted(run));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Something to be told of an upload's progress. */
  interface Progress {
    void made();
  }

  /** Sends a request without a body, or with a small one. */
  Exchange send(HttpUriRequestBase request, TrafficCount traffic) throws IOException {
    return send(request, traffic, timeouts.answer());
  }

  /**
   * Sends a request whose answer must begin within {@code patience} of the last progress.
   *
   * @throws IOException an {@link InterruptedIOException} if the thread was interrupted
   */
  Exchange send(HttpUriRequestBase request, TrafficCount traffic, Duration patience)
      throws IOException {
    Deadline deadline = new Deadline(timer, patience, request::cancel).start();
    return send(request, traffic, patience, deadline);
  }

  /** Sends an upload; {@code body} is given the deadline that its progress puts off. */
  Exchange upload(HttpUriRequestBase request, UploadBody body, TrafficCount traffic)
      throws IOException {
    Duration patience = timeouts.stored();
    Deadline deadline = new Deadline(timer, patience, request::cancel).start();
    body.onProgress(() -> deadline.extend(patience));
    request.setEntity(body);
    return send(request, traffic, patience, deadline);
  }

  private Exchange send(
      HttpUriRequestBase request, TrafficCount traffic, Duration patience, Deadline deadline)
      throws IOException {
    Thread thread = Thread.currentThread();
    if (thread.isInterrupted()) {
      deadline.close();
      throw new InterruptedIOException("cancelled");
    }
    request.setConfig(
        RequestConfig.custom()
            .setConnectionRequestTimeout(Timeout.of(timeouts.stored()))
            .setResponseTimeout(Timeout.of(patience))
            .setExpectContinueEnabled(false)
            .setProtocolUpgradeEnabled(false)
            .build());
    active.computeIfAbsent(thread, t -> new ConcurrentHashMap<>()).put(request, true);
    Runnable ended = () -> forget(thread, request);
    traffic.request();
    try {
      ClassicHttpResponse response = open(request);
      return new Exchange(response, deadline, timeouts.idle(), request::cancel, ended);
    } catch (IOException | RuntimeException e) {
      ended.run();
      deadline.close();
      if (deadline.expired()) {
        SocketTimeoutException late =
            new SocketTimeoutException("no answer within " + patience.toSeconds() + " s");
        late.initCause(e);
        throw late;
      }
      if (e instanceof IllegalStateException && request.isCancelled()) {
        // While it connects: the client misses the connection that was taken from it.
        throw new InterruptedIOException("cancelled");
      }
      throw e;
    }
  }

  private ClassicHttpResponse open(HttpUriRequestBase request) throws IOException {
    HttpHost to = new HttpHost(request.getScheme(), request.getAuthority());
    Proxies.Proxy proxy = routes == null ? null : routes.proxy(to);
    if (proxy == null) {
      return client.executeOpen(null, request, null);
    }
    HttpClientContext context = HttpClientContext.create();
    ClassicHttpResponse response;
    try {
      response = client.executeOpen(null, request, context);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (ConnectException e) {
      throw new ProxyFailure("there is no connection to its proxy " + proxy, e);
    }
    // Without TLS to the registry, it is the proxy that answered.
    boolean tls = "https".equalsIgnoreCase(to.getSchemeName());
    if (response.getCode() == 407 || (tls && context.getSSLSession() == null)) {
      response.close();
      throw new ProxyFailure("its proxy " + proxy + " answered " + response.getCode(), null);
    }
    return response;
  }

  private void forget(Thread thread, HttpUriRequestBase request) {
    active.computeIfPresent(
        thread,
        (t, requests) -> {
          requests.remove(request);
          return requests.isEmpty() ? null : requests;
        });
  }

  /**
   * Cuts off what {@code thread} is waiting for; an interrupt alone does not end a socket's read.
   */
  void abort(Thread thread) {
    Map<HttpUriRequestBase, Boolean> requests = active.get(thread);
    if (requests != null) {
      requests.keySet().forEach(HttpUriRequestBase::cancel);
    }
  }

  @Override
  public void close() {
    active.values().forEach(r -> r.keySet().forEach(HttpUriRequestBase::cancel));
    client.close(CloseMode.IMMEDIATE);
    // Its thread waits within the VM, which keeps no ending process waiting.
    timer.shutdownNow();
  }
}
