package io.contractbuilder.local.rootfs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A tar as it is read: before each entry so many bytes and no more, as headers that go before it (a
 * long name, pax records) are read whole, however long they say to be.
 */
final class BoundedHeaders extends FilterInputStream {
  private static final int MOST = 1 << 20;
  private long left = MOST;
  private long headers;

  BoundedHeaders(InputStream in) {
    super(in);
  }

  /** The headers of an entry have been read; its content and the next headers follow. */
  void entry(long size) {
    left = Math.addExact(size, MOST);
    headers = -size;
  }

  /** How many bytes were read since the entry before ended, at least. */
  long headers() {
    return Math.max(0, headers);
  }

  private int taken(int count) throws IOException {
    left -= Math.max(0, count);
    headers += Math.max(0, count);
    if (left < 0) {
      throw new TooLong();
    }
    return count;
  }

  @Override
  public int read() throws IOException {
    int one = in.read();
    taken(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    return taken(in.read(into, from, (int) Math.min(length, left + 1)));
  }

  /** By reading: what is skipped is decompressed all the same. */
  @Override
  public long skip(long count) throws IOException {
    return count <= 0 ? 0 : Math.max(0, read(new byte[(int) Math.min(count, 8192)]));
  }

  /** That an entry's headers are longer than any honest ones. */
  static final class TooLong extends IOException {
    TooLong() {
      super("an entry with more than " + MOST + " bytes of headers");
    }
  }
}
