package io.contractbuilder.registry;

import io.contractbuilder.registry.Proxies.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection leads.
 *
 * @param host whom a certificate is to name; without brackets
 * @param proxy null: none
 * @param told the host that the proxy is told, a name or an address
 * @param key what tells it from others: a connection that is kept serves for all of one key
 */
record Route(boolean tls, String host, int port, @Nullable Proxy proxy, String told, String key) {
  static Route direct(Request request) {
    return new Route(request.isTls(), request.host(), request.port(), null, "", key(request));
  }

  static Route by(Proxy proxy, Request request, String told) {
    String by = " by ".concat(proxy.toString()).concat(" ").concat(told);
    return new Route(
        request.isTls(), request.host(), request.port(), proxy, told, key(request).concat(by));
  }

  private static String key(Request request) {
    String scheme = request.isTls() ? "https " : "http ";
    return scheme.concat(request.host()).concat(" ").concat(Integer.toString(request.port()));
  }

  /** What a proxy is asked to connect to. */
  String tunnel() {
    return (told.indexOf(':') < 0 ? told : "[" + told + "]") + ":" + port;
  }
}
