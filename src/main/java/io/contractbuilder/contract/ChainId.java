package io.contractbuilder.contract;

import java.math.BigInteger;
import java.util.Base64;

/** A chain's public id, as its private key gives it (chain formats, §3). */
public final class ChainId {
  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(ALPHABET.length());
  private static final int KEY_BYTES = 32;

  private ChainId() {}

  /**
   * The id: base58 of the compressed public key on secp256k1.
   *
   * @param privateKey 32 bytes in base64
   * @throws IllegalArgumentException if it is no such key; it is not in the message
   */
  public static String of(Secret privateKey) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(privateKey.reveal().strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not base64");
    }
    var number = new BigInteger(1, key);
    if (key.length != KEY_BYTES || number.signum() == 0 || number.compareTo(Secp256k1.ORDER) >= 0) {
      throw new IllegalArgumentException("is not a private key of 32 bytes on secp256k1");
    }
    return base58(Secp256k1.publicKey(number));
  }

  /** As Bitcoin writes it: each zero byte in front is a {@code 1}. */
  static String base58(byte[] bytes) {
    var text = new StringBuilder();
    for (BigInteger left = new BigInteger(1, bytes); left.signum() > 0; left = left.divide(BASE)) {
      text.append(ALPHABET.charAt(left.mod(BASE).intValue()));
    }
    for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
      text.append(ALPHABET.charAt(0));
    }
    return text.reverse().toString();
  }
}
