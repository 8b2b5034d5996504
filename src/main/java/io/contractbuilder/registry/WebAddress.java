package io.contractbuilder.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Addresses that registries name: of token services, of blobs elsewhere, of uploads. */
final class WebAddress {
  private static final int MAX_PORT = 65_535;

  private WebAddress() {}

  /**
   * Reads one.
   *
   * @param base what it may be relative to; null: it must be whole
   * @return without a fragment; null if it is no address of {@code http} or {@code https} that can
   *     be asked
   */
  static @Nullable URI read(@Nullable URI base, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      int fragment = text.indexOf('#');
      URI given = new URI(fragment < 0 ? text : text.substring(0, fragment));
      URI uri = base == null ? given : base.resolve(given);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("https") || scheme.equals("http");
      return web && uri.getHost() != null && uri.getRawUserInfo() == null && isPort(uri.getPort())
          ? uri
          : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static boolean isPort(int port) {
    return port == -1 || (port > 0 && port <= MAX_PORT);
  }

  static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  /** Scheme, host and port. */
  static String origin(URI uri) {
    int port = uri.getPort() >= 0 ? uri.getPort() : isHttps(uri) ? 443 : 80;
    return (uri.getScheme() + "://" + uri.getHost() + ":" + port).toLowerCase(Locale.ROOT);
  }

  /** A host as references write it, without its port and without the brackets of IPv6. */
  static String nameOf(String host) {
    return withoutBrackets(host.replaceFirst(":[0-9]+$", "")).toLowerCase(Locale.ROOT);
  }

  static String withoutBrackets(String name) {
    boolean bracketed = name.startsWith("[") && name.endsWith("]");
    return bracketed ? name.substring(1, name.length() - 1) : name;
  }
}
