package io.contractbuilder.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;

/**
 * Where a registry, or a mirror of it, is asked.
 *
 * @param base up to and with {@code /v2}, without a slash at its end
 * @param resolves whether it is asked what a tag names
 * @param pulls whether it is asked for content by its digest
 * @param namespace the registry that a mirror is to answer for ({@code ns}, as containerd says it);
 *     empty: itself
 */
record Endpoint(URI base, boolean resolves, boolean pulls, TlsFiles tls, String namespace) {

  /** Host with its port, as in the address. */
  String authority() {
    return base.getRawAuthority();
  }

  /** The host without port and brackets. */
  String name() {
    return WebAddress.nameOf(authority());
  }

  boolean isAt(String host, int port) {
    int own = base.getPort() >= 0 ? base.getPort() : isPlain() ? 80 : 443;
    return own == port && name().equals(WebAddress.withoutBrackets(host));
  }

  /** What an address at it has at its end. */
  String query() {
    return namespace.isEmpty() ? "" : "?ns=" + URLEncoder.encode(namespace, UTF_8);
  }

  boolean isPlain() {
    return !WebAddress.isHttps(base);
  }
}
