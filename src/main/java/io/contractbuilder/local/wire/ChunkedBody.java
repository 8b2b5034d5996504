package io.contractbuilder.local.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The chunked transfer coding (RFC 9112, section 7.1); extensions and trailers are dropped. */
final class ChunkedBody extends InputStream {
  private static final int MOST_LINE = 8 << 10;
  private final InputStream in;
  private long left;
  private boolean ended;
  private boolean begun;

  ChunkedBody(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int from, int count) throws IOException {
    if (left == 0 && !ended) {
      next();
    }
    if (ended) {
      return -1;
    }
    int n = in.read(to, from, (int) Math.min(count, left));
    if (n < 0) {
      throw new EOFException("the function's answer ends within a chunk");
    }
    left -= n;
    return n;
  }

  private void next() throws IOException {
    int[] most = {MOST_LINE};
    if (begun && !HttpLines.line(in, most).isEmpty()) {
      throw new IOException("a chunk is longer than it said");
    }
    begun = true;
    String line = HttpLines.line(in, most);
    int semicolon = line.indexOf(';');
    String size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
    if (size.isEmpty()
        || size.length() > 15
        || !size.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw new IOException("a chunk without a size");
    }
    left = Long.parseLong(size, 16);
    if (left == 0) {
      ended = true;
      HttpLines.skip(in, most);
    }
  }
}
