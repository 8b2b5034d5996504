package io.contractbuilder.registry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Resolves names, and literals, for a connection, and refuses addresses that are not allowed. What
 * it answers is what is connected to, so that no second answer of a name server comes between.
 */
final class AddressGuard {
  /** Of one name; each may take the whole time that a connection may. */
  private static final int MAX_ADDRESSES = 4;

  private final AllowedAddresses allowed;
  private final Lookup lookup;

  /** Asks the name service. */
  interface Lookup {
    InetAddress[] lookup(String host) throws UnknownHostException;
  }

  /** That an address may not be connected to. */
  static final class ForbiddenAddress extends UnknownHostException {
    ForbiddenAddress(String message) {
      super(message);
    }
  }

  AddressGuard(AllowedAddresses allowed, Lookup lookup) {
    this.allowed = allowed;
    this.lookup = lookup;
  }

  /**
   * What may be connected to.
   *
   * @param given a name or an address, also in brackets
   * @throws ForbiddenAddress if one of its addresses is not allowed
   */
  List<InetSocketAddress> resolve(String given, int port) throws UnknownHostException {
    String host = WebAddress.withoutBrackets(given);
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (InetAddress address : lookup.lookup(host)) {
      if (!allowed.allow(host, port, address)) {
        throw new ForbiddenAddress(
            host
                + " is the internal address "
                + address.getHostAddress()
                + ", which is not allowed");
      }
      addresses.add(new InetSocketAddress(address, port));
    }
    return addresses.subList(0, Math.min(addresses.size(), MAX_ADDRESSES));
  }
}
