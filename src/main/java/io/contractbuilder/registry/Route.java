package io.contractbuilder.registry;

import io.contractbuilder.registry.Proxies.Proxy;
import org.jspecify.annotations.Nullable;

/** Where a connection leads; one that is kept serves for others of the same {@link #key}. */
final class Route {
  private final boolean tls;
  private final String host;
  private final int port;
  private final @Nullable Proxy proxy;
  private final String told;
  private final String key;

  private Route(boolean tls, String host, int port, @Nullable Proxy proxy, String told) {
    this.tls = tls;
    this.host = host;
    this.port = port;
    this.proxy = proxy;
    this.told = told;
    StringBuilder text = new StringBuilder(tls ? "https " : "http ").append(host).append(' ');
    text.append(port);
    if (proxy != null) {
      text.append(" by ").append(proxy.host()).append(' ').append(proxy.port()).append(' ');
      text.append(told);
    }
    this.key = text.toString();
  }

  static Route direct(Request request) {
    return new Route(request.isTls(), request.host(), request.port(), null, "");
  }

  /**
   * @param told the host that the proxy is told, a name or an address
   */
  static Route by(Proxy proxy, Request request, String told) {
    return new Route(request.isTls(), request.host(), request.port(), proxy, told);
  }

  /** What tells it from others. */
  String key() {
    return key;
  }

  boolean isTls() {
    return tls;
  }

  /** Whom a certificate is to name; without brackets. */
  String host() {
    return host;
  }

  int port() {
    return port;
  }

  /** Null: none. */
  @Nullable Proxy proxy() {
    return proxy;
  }

  /** What a proxy is asked to connect to. */
  String tunnel() {
    return (told.indexOf(':') < 0 ? told : "[" + told + "]") + ":" + port;
  }
}
