package io.contractbuilder.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * A stream as gzip (RFC 1952) in stored blocks (RFC 1951, 3.2.4): nothing is compressed, so that it
 * is the same bytes on any machine.
 */
final class StoredGzipStream extends InputStream {
  private static final int MAX_BLOCK = 0xffff;
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int BLOCK_HEADER = 5;
  private static final int TRAILER = 8;
  private final InputStream in;
  private final CRC32 crc = new CRC32();
  private final long size;
  private long read;
  private boolean ended;

  /** What comes before the next of the stream's own bytes. */
  private ByteBuffer pending = ByteBuffer.wrap(HEADER);

  private int block;

  /**
   * @param size bytes that it has
   */
  StoredGzipStream(InputStream in, long size) {
    this.in = in;
    this.size = size;
  }

  /** How many bytes it is for so many. */
  static long length(long size) {
    long blocks = Math.max(1, (size + MAX_BLOCK - 1) / MAX_BLOCK);
    return HEADER.length + blocks * BLOCK_HEADER + size + TRAILER;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!pending.hasRemaining() && block == 0 && !ended) {
      advance();
    }
    if (pending.hasRemaining()) {
      int count = Math.min(length, pending.remaining());
      pending.get(into, from, count);
      return count;
    }
    if (ended) {
      return -1;
    }
    int count = in.read(into, from, Math.min(length, block));
    if (count < 0) {
      throw new EOFException("it ends too early");
    }
    crc.update(into, from, count);
    read += count;
    block -= count;
    return count;
  }

  /** To the next block, or to the trailer. */
  private void advance() {
    boolean begun = pending.array() != HEADER;
    if (begun && read == size) {
      pending = little(TRAILER).putInt((int) crc.getValue()).putInt((int) size).flip();
      ended = true;
      return;
    }
    block = (int) Math.min(MAX_BLOCK, size - read);
    boolean last = read + block == size;
    pending =
        little(BLOCK_HEADER)
            .put((byte) (last ? 1 : 0))
            .putShort((short) block)
            .putShort((short) ~block)
            .flip();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
