package io.contractbuilder.registry;

import io.contractbuilder.registry.ProxyRoutes.ProxyFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/** Makes connections: to the addresses of a host that are allowed, or through a proxy. */
final class Connector {
  private final AddressGuard guard;
  private final AddressGuard.Lookup lookup;
  private final Tls tls;
  private final RegistryAccess.Timeouts timeouts;

  Connector(
      AddressGuard guard, AddressGuard.Lookup lookup, Tls tls, RegistryAccess.Timeouts timeouts) {
    this.guard = guard;
    this.lookup = lookup;
    this.tls = tls;
    this.timeouts = timeouts;
  }

  /**
   * Makes one, which {@code request} holds.
   *
   * @throws ProxyFailure if a proxy does not lead there
   * @throws IOException of the last address that was tried
   */
  Connection connect(Route route, Request request) throws IOException {
    Proxies.Proxy proxy = route.proxy();
    if (proxy != null) {
      return through(proxy, route, request);
    }
    IOException failure = new UnknownHostException(route.host());
    for (InetSocketAddress address : guard.resolve(route.host(), route.port())) {
      Socket socket = socket();
      try {
        dial(socket, address, request);
        return open(socket, route);
      } catch (IOException e) {
        Request.cut(socket);
        if (request.isCancelled()) {
          throw e;
        }
        failure = e;
      } catch (RuntimeException | Error e) {
        Request.cut(socket);
        throw e;
      }
    }
    throw failure;
  }

  /** Not by what the whole JVM's settings say of proxies, which need not be read then. */
  private static Socket socket() {
    return new Socket(Proxy.NO_PROXY);
  }

  private static int millis(Duration time) {
    return Math.clamp(time.toMillis(), 1, Integer.MAX_VALUE);
  }

  private void dial(Socket socket, InetSocketAddress address, Request request) throws IOException {
    request.hold(socket);
    socket.setTcpNoDelay(true);
    socket.connect(address, millis(timeouts.connect()));
  }

  private Connection open(Socket socket, Route route) throws IOException {
    Connection connection = new Connection(route.key(), socket);
    if (route.tls()) {
      // A handshake may wait as long as a connection.
      socket.setSoTimeout(millis(timeouts.connect()));
      connection.bind(tls.upgrade(socket, route.host(), route.port()), socket);
    }
    return connection;
  }

  private Connection through(Proxies.Proxy proxy, Route route, Request request) throws IOException {
    Socket socket = socket();
    boolean open = false;
    try {
      dial(socket, address(proxy), request);
      if (route.tls()) {
        tunnel(socket, proxy, route);
      }
      Connection connection = open(socket, route);
      open = true;
      return connection;
    } catch (ConnectException e) {
      throw new ProxyFailure("there is no connection to its proxy " + proxy, e);
    } finally {
      if (!open) {
        Request.cut(socket);
      }
    }
  }

  private InetSocketAddress address(Proxies.Proxy proxy) throws ProxyFailure {
    try {
      return new InetSocketAddress(lookup.lookup(proxy.host())[0], proxy.port());
    } catch (UnknownHostException e) {
      throw new ProxyFailure("its proxy " + proxy + " is not known", e);
    }
  }

  /** RFC 9110, section 9.3.6. */
  private void tunnel(Socket socket, Proxies.Proxy proxy, Route route) throws IOException {
    BasicClassicHttpRequest connect =
        new BasicClassicHttpRequest("CONNECT", "http", null, route.tunnel());
    Request.identify(connect, route.tunnel());
    Request.authorize(connect, proxy);
    socket.setSoTimeout(millis(timeouts.answer()));
    int status;
    try {
      // What else it may have read is dropped with it, and is never an answer of the registry's.
      status = new Connection(route.key(), socket).answer(connect).getCode();
    } catch (HttpException e) {
      throw new ProxyFailure("its proxy " + proxy + " does not speak HTTP", e);
    }
    if (status > 299) {
      throw new ProxyFailure("its proxy " + proxy + " answered " + status, null);
    }
  }
}
