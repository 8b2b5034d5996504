package io.contractbuilder.local.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * A function's answer, its body still to be read.
 *
 * @param length of the body; -1 if it is not known before
 */
public record FunctionAnswer(
    int status, Map<String, List<String>> headers, long length, InputStream body, Runnable onClose)
    implements AutoCloseable {
  @Override
  public void close() throws IOException {
    try {
      body.close();
    } finally {
      onClose.run();
    }
  }
}
