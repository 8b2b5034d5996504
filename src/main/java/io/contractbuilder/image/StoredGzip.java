package io.contractbuilder.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** A gzip stream (RFC 1952) of stored blocks (RFC 1951, 3.2.4): the same bytes from any zlib. */
final class StoredGzip {
  private static final int MAX_BLOCK = 0xffff;
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private final ByteBuffer out;
  private final CRC32 crc = new CRC32();
  private final int size;
  private int written;

  /**
   * @param size bytes that will be written; more than none
   */
  StoredGzip(int size) {
    this.size = size;
    int blocks = (size + MAX_BLOCK - 1) / MAX_BLOCK;
    this.out = ByteBuffer.allocate(HEADER.length + blocks * 5 + size + 8);
    out.order(ByteOrder.LITTLE_ENDIAN).put(HEADER);
  }

  void write(byte[] bytes) {
    crc.update(bytes);
    int from = 0;
    while (from < bytes.length) {
      int left = MAX_BLOCK - written % MAX_BLOCK;
      if (left == MAX_BLOCK) {
        beginBlock(Math.min(MAX_BLOCK, size - written));
      }
      int length = Math.min(left, bytes.length - from);
      out.put(bytes, from, length);
      from += length;
      written += length;
    }
  }

  private void beginBlock(int length) {
    boolean last = written + length == size;
    out.put((byte) (last ? 1 : 0)).putShort((short) length).putShort((short) ~length);
  }

  byte[] finish() {
    if (written != size) {
      throw new IllegalStateException(written + " bytes instead of " + size);
    }
    return out.putInt((int) crc.getValue()).putInt(size).array();
  }
}
