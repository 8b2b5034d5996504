package io.contractbuilder.openfaas;

import java.nio.charset.StandardCharsets;

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
