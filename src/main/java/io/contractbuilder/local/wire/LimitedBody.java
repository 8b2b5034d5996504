package io.contractbuilder.local.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Refuses to read more than is allowed. */
public final class LimitedBody extends FilterInputStream {
  private final long most;
  private long left;
  private volatile boolean exceeded;

  public LimitedBody(InputStream in, long most) {
    super(in);
    this.most = most;
    this.left = most;
  }

  /** Whether it was longer. */
  public boolean exceeded() {
    return exceeded;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int from, int count) throws IOException {
    int n = super.read(to, from, count);
    if (n > 0) {
      left -= n;
      if (left < 0) {
        exceeded = true;
        throw new BodyTooLarge(most);
      }
    }
    return n;
  }
}
