package io.contractbuilder.contract;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a blob or manifest (OCI image specification, "Digests"). Only SHA-256 is taken.
 *
 * @param value {@code sha256:} and 64 lower-case hexadecimal digits
 */
public record Digest(String value) {
  private static final String ALGORITHM = "sha256:";
  private static final int HEX_DIGITS = 64;

  public Digest {
    if (!isValid(value)) {
      throw new IllegalArgumentException("sha256: and 64 lower-case hexadecimal digits");
    }
  }

  /** Whether {@code value} would be taken as a digest. */
  public static boolean isValid(String value) {
    if (value.length() != ALGORITHM.length() + HEX_DIGITS || !value.startsWith(ALGORITHM)) {
      return false;
    }
    for (int i = ALGORITHM.length(); i < value.length(); i++) {
      if ("0123456789abcdef".indexOf(value.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The digest of {@code bytes}. */
  public static Digest of(byte[] bytes) {
    // Java's own: for little data it costs less than to load another.
    return ofHash(Sha256.make().digest(bytes));
  }

  /** The digest that {@code hash}, which has been fed, has come to. */
  public static Digest of(MessageDigest hash) {
    return ofHash(hash.digest());
  }

  private static Digest ofHash(byte[] hash) {
    return new Digest(ALGORITHM + HexFormat.of().formatHex(hash));
  }

  /** The 64 hexadecimal digits. */
  public String hex() {
    return value.substring(ALGORITHM.length());
  }

  // A record's own methods are made at run time, which takes some milliseconds of a short process.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest digest && digest.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
