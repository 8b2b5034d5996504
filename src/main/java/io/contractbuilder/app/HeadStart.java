package io.contractbuilder.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.json.Json;

/**
 * Sets up, beside the reading of the settings, what nearly every command needs soon and what takes
 * longest: most of a short run is the first use of things.
 */
final class HeadStart {
  private HeadStart() {}

  /** Returns at once; nothing waits for its end. */
  static void begin() {
    Thread.ofPlatform().daemon().name("head-start").start(HeadStart::run);
  }

  private static void run() {
    Digest.of(new byte[0]);
    try {
      Json.write(Json.read(new byte[] {'{', '}'}));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an object can be read", e);
    }
  }
}
