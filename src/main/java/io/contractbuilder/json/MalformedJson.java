package io.contractbuilder.json;

import java.io.IOException;

/**
 * That a text is not one JSON value (RFC 8259), or goes beyond what {@link Json} takes. The message
 * says what is wrong and where ("text that is not JSON at line 1, column 2"), and quotes nothing of
 * the text, which may be secret.
 */
public final class MalformedJson extends IOException {
  MalformedJson(String message) {
    super(message);
  }
}
