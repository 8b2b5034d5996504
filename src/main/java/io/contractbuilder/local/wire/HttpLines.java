package io.contractbuilder.local.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Lines of an HTTP head. */
final class HttpLines {
  private HttpLines() {}

  /**
   * The next line without its end.
   *
   * @param left bytes that may still be read; counted down
   */
  static String line(InputStream in, int[] left) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("the function closed the connection before it had answered");
      }
      if (--left[0] < 0) {
        throw new IOException("the head of the function's answer is too long");
      }
      if (c == '\n') {
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
          line.setLength(end - 1);
        }
        return line.toString();
      }
      line.append((char) c);
    }
  }

  /** Reads past the lines up to an empty one. */
  static void skip(InputStream in, int[] left) throws IOException {
    String line = line(in, left);
    while (!line.isEmpty()) {
      line = line(in, left);
    }
  }

  static int status(String line) throws IOException {
    String[] parts = line.split(" ", 3);
    if (!parts[0].startsWith("HTTP/1.") || parts.length < 2 || !parts[1].matches("[1-9][0-9]{2}")) {
      throw new IOException("the function does not answer in HTTP");
    }
    return Integer.parseInt(parts[1]);
  }

  static long length(String text) throws IOException {
    if (!text.matches("[0-9]{1,18}")) {
      throw new IOException("the function's Content-Length is no number");
    }
    return Long.parseLong(text);
  }
}
