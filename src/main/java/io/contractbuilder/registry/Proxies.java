package io.contractbuilder.registry;

import io.contractbuilder.contract.RegistryCredentials;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Proxies that registries are reached through, as Go's programs read {@code HTTPS_PROXY}, {@code
 * HTTP_PROXY} and {@code NO_PROXY} (golang.org/x/net/http/httpproxy).
 *
 * @param https for addresses with TLS, by a tunnel; null: none
 * @param http for those without; null: none
 * @param except what is reached directly: {@code *}, hosts with all below them, {@code .domain} for
 *     what is below alone, addresses and networks, each also with a port
 */
public record Proxies(@Nullable Proxy https, @Nullable Proxy http, List<String> except) {
  /** No proxy for anything. */
  public static final Proxies NONE = new Proxies(null, null, List.of());

  public Proxies {
    List<String> given = new ArrayList<>();
    for (String one : except) {
      if (!one.isBlank()) {
        given.add(one.strip().toLowerCase(Locale.ROOT));
      }
    }
    except = List.copyOf(given);
  }

  boolean isNone() {
    return https == null && http == null;
  }

  /**
   * One proxy, spoken to without TLS.
   *
   * @param credentials null: none
   */
  public record Proxy(String host, int port, @Nullable RegistryCredentials credentials) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * The proxy for an address; null: it is connected to directly, as all on loopback is.
   *
   * @param host a name, or an address without brackets
   */
  @Nullable Proxy of(boolean tls, String host, int port) {
    Proxy proxy = tls ? https : http;
    return proxy == null || isExcepted(host.toLowerCase(Locale.ROOT), port) ? null : proxy;
  }

  private boolean isExcepted(String host, int port) {
    InetAddress address = literal(host);
    if (host.equals("localhost") || (address != null && address.isLoopbackAddress())) {
      return true;
    }
    return except.stream().anyMatch(one -> matches(one, host, address, port));
  }

  private static boolean matches(
      String entry, String host, @Nullable InetAddress address, int port) {
    if (entry.equals("*")) {
      return true;
    }
    if (entry.contains("/")) {
      return address != null && within(entry, address);
    }
    boolean bare = literal(WebAddress.withoutBrackets(entry)) != null;
    String name = bare ? WebAddress.withoutBrackets(entry) : WebAddress.nameOf(entry);
    if (!bare && entry.matches(".*:[0-9]+") && !entry.endsWith(":" + port)) {
      return false;
    }
    if (address != null) {
      return address.equals(literal(name));
    }
    String domain = name.startsWith("*.") ? name.substring(1) : name;
    return domain.startsWith(".")
        ? host.endsWith(domain)
        : host.equals(domain) || host.endsWith("." + domain);
  }

  private static boolean within(String network, InetAddress address) {
    try {
      return Network.parse(network).contains(address);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable InetAddress literal(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
