package io.contractbuilder.local.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body of a length that was announced. */
final class SizedBody extends InputStream {
  private final InputStream in;
  private long left;

  SizedBody(InputStream in, long length) {
    this.in = in;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int from, int count) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = in.read(to, from, (int) Math.min(count, left));
    if (n < 0) {
      throw new EOFException("the function's answer is shorter than it said");
    }
    left -= n;
    return n;
  }
}
