package io.contractbuilder.registry;

import io.contractbuilder.registry.ProxyRoutes.ProxyFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 to registries and their token services: kept connections, guarded addresses, bounded
 * heads, time-outs for everything. Redirects, retries, cookies and credentials are not its matter.
 * A short process pays for each class and each line that runs for the first time: nothing here is
 * made before it is needed.
 */
final class Connections implements AutoCloseable {
  private final RegistryAccess.Timeouts timeouts;
  private final @Nullable ProxyRoutes routes;
  private final ConnectionPool pool;
  private final ScheduledThreadPoolExecutor timer;
  private final Map<Request, Thread> active = new ConcurrentHashMap<>();

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
    this.routes = access.proxies().isNone() ? null : new ProxyRoutes(access, guard);
    this.pool =
        new ConnectionPool(
            new Connector(guard, lookup, new Tls(hosts, own), timeouts),
            timeouts.stored(),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1));
    this.timer = new ScheduledThreadPoolExecutor(1, new TimerThreads());
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static final class TimerThreads implements ThreadFactory {
    @Override
    public Thread newThread(Runnable run) {
      return Thread.ofPlatform().daemon().name("registry-deadlines").unstarted(run);
    }
  }

  /** Sends a request without a body, or with a small one. */
  Exchange send(Request request, TrafficCount traffic) throws IOException {
    return send(request, traffic, timeouts.answer());
  }

  /**
   * Sends a request whose answer must begin within {@code patience} of the last progress.
   *
   * @throws IOException an {@link InterruptedIOException} if the thread was interrupted
   */
  Exchange send(Request request, TrafficCount traffic, Duration patience) throws IOException {
    return send(request, traffic, patience, new Deadline(this, timer, patience, request).start());
  }

  /** Sends an upload; {@code body} is given the deadline that its progress puts off. */
  Exchange upload(Request request, UploadBody body, TrafficCount traffic) throws IOException {
    Duration patience = timeouts.stored();
    Deadline deadline = new Deadline(this, timer, patience, request).start();
    body.puttingOff(deadline, patience);
    request.body(body);
    return send(request, traffic, patience, deadline);
  }

  private Exchange send(Request request, TrafficCount traffic, Duration patience, Deadline deadline)
      throws IOException {
    Thread thread = Thread.currentThread();
    if (thread.isInterrupted()) {
      deadline.close();
      throw new InterruptedIOException("cancelled");
    }
    active.put(request, thread);
    traffic.request();
    boolean open = false;
    try {
      Exchange exchange = open(request, patience, deadline);
      open = true;
      return exchange;
    } catch (IOException | RuntimeException e) {
      if (request.isCancelled()) {
        throw cutOff(deadline, patience, e);
      }
      throw e;
    } finally {
      if (!open) {
        active.remove(request);
        deadline.close();
      }
    }
  }

  /** What was meant where a socket said no more than that it is closed. */
  private static IOException cutOff(Deadline deadline, Duration patience, Exception cause) {
    IOException why =
        deadline.expired()
            ? new SocketTimeoutException("no answer within " + patience.toSeconds() + " s")
            : new InterruptedIOException("cancelled");
    why.initCause(cause);
    return why;
  }

  private Exchange open(Request request, Duration patience, Deadline deadline) throws IOException {
    Route route = routes == null ? Route.direct(request) : routes.route(request);
    Proxies.Proxy forward = route.tls() ? null : route.proxy();
    if (forward != null) {
      request.to(forward);
    }
    Connection connection = pool.lend(route, request);
    boolean answered = false;
    try {
      connection.setSocketTimeout(Timeout.ofMilliseconds(patience.toMillis()));
      ClassicHttpResponse response = connection.answer(request);
      if (forward != null && response.getCode() == 407) {
        throw new ProxyFailure("its proxy " + forward + " answered 407", null);
      }
      boolean kept =
          !isAmbiguous(response)
              && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, null);
      answered = true;
      return new Exchange(this, request, connection, kept, response, deadline, timeouts.idle());
    } catch (HttpException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      if (!answered) {
        request.letGo();
        pool.giveBack(connection, false);
      }
    }
  }

  /** Whether two rules say where the body ends (RFC 9112, section 6.3). */
  private static boolean isAmbiguous(ClassicHttpResponse response) {
    return response.containsHeader("Transfer-Encoding")
        && response.containsHeader("Content-Length");
  }

  /**
   * Takes back what an answer came by.
   *
   * @param keep whether the connection can serve again
   */
  void ended(Request request, Connection connection, boolean keep) {
    active.remove(request);
    boolean untouched = request.letGo();
    pool.giveBack(connection, keep && untouched);
  }

  /** Cuts a request off, wherever it is. */
  void cancel(Request request) {
    request.cancel();
    pool.wake();
  }

  /**
   * Cuts off what {@code thread} is waiting for; an interrupt alone does not end a socket's read.
   */
  void abort(Thread thread) {
    for (Map.Entry<Request, Thread> one : active.entrySet()) {
      if (one.getValue() == thread) {
        cancel(one.getKey());
      }
    }
  }

  @Override
  public void close() {
    // First: whoever has been lent a connection by then is among the active.
    pool.close();
    for (Request one : active.keySet()) {
      one.cancel();
    }
    // Its thread waits within the VM, which keeps no ending process waiting.
    timer.shutdownNow();
  }
}
