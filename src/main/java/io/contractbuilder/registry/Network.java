package io.contractbuilder.registry;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A range of addresses.
 *
 * @param prefix leading bits that count
 */
public record Network(InetAddress address, int prefix) {

  /**
   * Reads {@code address/bits}.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    String host = text.substring(0, Math.max(slash, 0)).strip();
    // Only literals: a name would be looked up.
    if (!host.matches("[0-9.]+|[0-9a-fA-F:]+(?:[0-9.]+)?")) {
      throw new IllegalArgumentException("a network as address/bits");
    }
    try {
      InetAddress address = InetAddress.getByName(host);
      int prefix = Integer.parseInt(text.substring(slash + 1).strip());
      if (prefix < 0 || prefix > address.getAddress().length * 8) {
        throw new IllegalArgumentException("a network as address/bits");
      }
      return new Network(address, prefix);
    } catch (UnknownHostException | NumberFormatException e) {
      throw new IllegalArgumentException("a network as address/bits", e);
    }
  }

  /** Whether it is within. */
  boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] its = other.getAddress();
    if (mine.length != its.length) {
      return false;
    }
    int bytes = prefix / 8;
    int bits = prefix % 8;
    return Arrays.equals(mine, 0, bytes, its, 0, bytes)
        && (bits == 0 || (mine[bytes] & 0xff) >> (8 - bits) == (its[bytes] & 0xff) >> (8 - bits));
  }

  /** Whether a stranger could reach into our own net with it (RFC 6890 and its kin). */
  static boolean isInternal(InetAddress address) {
    byte[] b = address.getAddress();
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return true;
    }
    int first = b[0] & 0xff;
    int second = b[1] & 0xff;
    if (address instanceof Inet6Address) {
      return isInternal6(b, first, second);
    }
    return first == 0
        || (first == 100 && (second & 0xc0) == 64) // shared by carriers, RFC 6598
        || (first == 192 && second == 0 && b[2] == 0)
        || (first == 198 && (second & 0xfe) == 18)
        || first >= 240;
  }

  private static boolean isInternal6(byte[] b, int first, int second) {
    if ((first & 0xfe) == 0xfc) {
      return true; // unique local, RFC 4193
    }
    // Addresses that carry an IPv4 address: NAT64 (RFC 6052), 6to4 (RFC 3056), compatible ones.
    boolean nat64 = first == 0 && second == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
    boolean compatible = true;
    for (int i = 0; i < 12; i++) {
      compatible &= b[i] == 0;
    }
    if (nat64 || compatible) {
      return isInternal4(b, 12);
    }
    return first == 0x20 && second == 0x02 && isInternal4(b, 2);
  }

  private static boolean isInternal4(byte[] b, int from) {
    try {
      return isInternal(InetAddress.getByAddress(Arrays.copyOfRange(b, from, from + 4)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
