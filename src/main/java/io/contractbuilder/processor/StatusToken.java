package io.contractbuilder.processor;

import io.contractbuilder.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What whoever looks at the status page has to know: sent as {@code Bearer} (RFC 6750) or as the
 * password of any user (RFC 7617), as browsers ask for it.
 *
 * @param token read each time; may throw if it cannot be had
 */
record StatusToken(Supplier<Secret> token) {

  /**
   * Whether the header {@code Authorization} holds it. Takes as long for every wrong one.
   *
   * @param header null: it was not sent
   */
  boolean isIn(@Nullable String header) {
    byte[] wanted = token.get().reveal().getBytes(StandardCharsets.UTF_8);
    byte[] sent = header == null ? new byte[0] : sent(header);
    return wanted.length > 0 && MessageDigest.isEqual(wanted, sent);
  }

  private static byte[] sent(String header) {
    String[] parts = header.strip().split(" +", 2);
    if (parts.length == 2 && parts[0].equalsIgnoreCase("Bearer")) {
      // The server reads headers as ISO 8859-1.
      return parts[1].getBytes(StandardCharsets.ISO_8859_1);
    }
    if (parts.length == 2 && parts[0].equalsIgnoreCase("Basic")) {
      return password(parts[1]);
    }
    return new byte[0];
  }

  private static byte[] password(String encoded) {
    try {
      byte[] both = Base64.getDecoder().decode(encoded);
      for (int i = 0; i < both.length; i++) {
        if (both[i] == ':') {
          return java.util.Arrays.copyOfRange(both, i + 1, both.length);
        }
      }
      return new byte[0];
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
