package io.contractbuilder.contract;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;

/**
 * Java's own SHA-256, by a provider that has nothing else: to list all that Java's provider has
 * takes longer than the digests of a short run.
 */
final class Sha256 extends Provider {
  private static final String NAME = "SHA-256";
  private static final Provider ALONE = new Sha256();

  private Sha256() {
    super("ContractBuilderSha256", "1", "Java's own SHA-256 alone");
    putService(
        new Service(this, "MessageDigest", NAME, "sun.security.provider.SHA2$SHA256", null, null));
  }

  /** A new one. */
  static MessageDigest make() {
    try {
      return MessageDigest.getInstance(NAME, ALONE);
    } catch (NoSuchAlgorithmException e) {
      return javas();
    }
  }

  /** Where Java's class has another name. */
  private static MessageDigest javas() {
    try {
      return MessageDigest.getInstance(NAME);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
