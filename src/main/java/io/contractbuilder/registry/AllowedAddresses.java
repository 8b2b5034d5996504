package io.contractbuilder.registry;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which loopback, link-local and private addresses may be connected to. All others always may.
 *
 * @param hosts names or literals, with or without a port, whatever they resolve to
 * @param networks in CIDR form
 */
public record AllowedAddresses(List<String> hosts, List<Network> networks) {
  /** Public addresses only. */
  public static final AllowedAddresses PUBLIC = new AllowedAddresses(List.of(), List.of());

  public AllowedAddresses {
    hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    networks = List.copyOf(networks);
  }

  /**
   * Reads hosts ({@code registry.example}, {@code 10.1.2.3:5000}) and networks ({@code
   * 10.0.0.0/8}).
   *
   * @throws IllegalArgumentException if one is malformed
   */
  public static AllowedAddresses parse(List<String> entries) {
    List<String> hosts = new ArrayList<>();
    List<Network> networks = new ArrayList<>();
    for (String entry : entries) {
      if (entry.contains("/")) {
        networks.add(Network.parse(entry));
      } else if (entry.isBlank()) {
        throw new IllegalArgumentException("an empty host");
      } else {
        hosts.add(entry.strip());
      }
    }
    return new AllowedAddresses(hosts, networks);
  }

  /** These and {@code host}, at any port. */
  AllowedAddresses and(String host) {
    List<String> all = new ArrayList<>(hosts);
    all.add(host);
    return new AllowedAddresses(all, networks);
  }

  /** Whether {@code address}, which {@code host} resolved to, may be connected to. */
  boolean allow(String host, int port, InetAddress address) {
    if (!Network.isInternal(address) || allowsName(host, port)) {
      return true;
    }
    for (Network network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code host} may be connected to whatever it resolves to. */
  boolean allowsName(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    return hosts.contains(name)
        || hosts.contains(name + ":" + port)
        || hosts.contains("[" + name + "]:" + port);
  }
}
