package io.contractbuilder.local.functions;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Lines of a bounded length: what is longer comes in parts. */
final class LineReader {
  private static final int LONGEST = 16 << 10;
  private final Reader in;

  LineReader(Reader in) {
    this.in = in;
  }

  /** The next line or part of one; null at the end. */
  @Nullable String next() throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    while (c >= 0 && c != '\n') {
      line.append((char) c);
      if (line.length() == LONGEST) {
        return line.toString();
      }
      c = in.read();
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }
}
