package io.contractbuilder.ledger.http;

import io.contractbuilder.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** DC1-HMAC-SHA256, by which a chain knows who asks (chain formats, §7). */
final class RequestSignature {
  private RequestSignature() {}

  /**
   * The value of {@code Authorization}.
   *
   * @param path with the query
   * @param chain the public chain id
   * @param timestamp as it is sent
   * @param contentType as it is sent; empty where there is no body
   */
  static String of(
      String keyId,
      Secret key,
      String verb,
      String path,
      String chain,
      String timestamp,
      String contentType,
      byte[] body) {
    try {
      var encoder = Base64.getEncoder();
      String hash = encoder.encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
      String message = String.join("\n", verb, path, chain, timestamp, contentType, hash);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature = mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
      return "DC1-HMAC-SHA256 " + keyId + ":" + encoder.encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256 and HmacSHA256", e);
    }
  }
}
