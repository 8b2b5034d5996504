package io.contractbuilder.contract;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a blob or manifest (OCI image specification, "Digests"). Only SHA-256 is taken.
 *
 * @param value {@code sha256:} and 64 lower-case hexadecimal digits
 */
public record Digest(String value) {
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  public Digest {
    if (!isValid(value)) {
      throw new IllegalArgumentException("sha256: and 64 lower-case hexadecimal digits");
    }
  }

  /** Whether {@code value} would be taken as a digest. */
  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  /** The digest of {@code bytes}. */
  public static Digest of(byte[] bytes) {
    try {
      // Java's own: for little data it costs less than to load another.
      return ofHash(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The digest that {@code hash}, which has been fed, has come to. */
  public static Digest of(MessageDigest hash) {
    return ofHash(hash.digest());
  }

  private static Digest ofHash(byte[] hash) {
    return new Digest("sha256:" + HexFormat.of().formatHex(hash));
  }

  /** The 64 hexadecimal digits. */
  public String hex() {
    return value.substring("sha256:".length());
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
