package io.contractbuilder.app;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/**
 * Sets up, beside the reading of the settings, what nearly every command needs soon and what takes
 * longest: most of a short run is the first use of things.
 */
final class HeadStart {
  private HeadStart() {}

  /** Returns at once; nothing waits for its end. */
  static void begin() {
    // TLS makes an address of http, and Java reads every jar of the class path for what handles
    // such addresses. S3's client alone connects to any.
    if (!"s3".equals(System.getenv("STORAGE_TYPE"))) {
      URL.setURLStreamHandlerFactory(
          protocol -> protocol.equals("http") ? new NoConnections() : null);
    }
    Thread.ofPlatform().daemon().name("head-start").start(HeadStart::run);
  }

  private static final class NoConnections extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL address) {
      throw new UnsupportedOperationException("only S3's client opens connections this way");
    }
  }

  private static void run() {
    Digest.of(new byte[0]);
    try {
      Json.write(Json.read(new byte[] {'{', '}'}));
    } catch (MalformedJson e) {
      throw new IllegalStateException("an object can be read", e);
    }
  }
}
