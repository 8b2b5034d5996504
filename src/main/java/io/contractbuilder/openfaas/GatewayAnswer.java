package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.node.TextNode;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a gateway answered.
 *
 * @param contentType empty if none was given
 */
record GatewayAnswer(int status, String contentType, byte[] body) {
  private static final int MAX_WORDS = 500;

  boolean isSuccess() {
    return status / 100 == 2;
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The gateway's own words for a message: without control characters, shortened. */
  String words() {
    String text = text().strip().replaceAll("\\p{Cntrl}+", " ");
    String shown = text.length() <= MAX_WORDS ? text : text.substring(0, MAX_WORDS) + "…";
    return "HTTP " + status + (shown.isEmpty() ? " without a word" : " \"" + shown + '"');
  }

  /** The same answer; without its text if that quotes a value that must not be shown. */
  GatewayAnswer without(Secret secret) {
    String value = secret.reveal();
    String quoted = Json.text(TextNode.valueOf(value));
    String encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    boolean told =
        !value.isEmpty() && says(value, quoted.substring(1, quoted.length() - 1), encoded);
    return told ? new GatewayAnswer(status, contentType, new byte[0]) : this;
  }

  /** Whether the answer's text has one of these in it. */
  boolean says(String... words) {
    String text = text();
    for (String word : words) {
      if (text.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
