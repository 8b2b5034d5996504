package io.contractbuilder.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes a tar of plain files (POSIX ustar; sizes from 8 GiB on as GNU has them): time 0, root. */
final class TarWriter {
  private static final int BLOCK = 512;
  private static final long OCTAL_SIZES = 1L << 33;
  private final OutputStream out;

  TarWriter(OutputStream out) {
    this.out = out;
  }

  void file(String name, byte[] bytes) throws IOException {
    out.write(header(name, bytes.length));
    out.write(bytes);
    pad(bytes.length);
  }

  /** A file of exactly {@code size} bytes of {@code in}. */
  void file(String name, InputStream in, long size, UploadBody.Sent progress) throws IOException {
    out.write(header(name, size));
    new UploadBody(in, size, progress).writeTo(out);
    pad(size);
  }

  void end() throws IOException {
    out.write(new byte[2 * BLOCK]);
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
  }

  private static byte[] header(String name, long size) {
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    put(header, 0, name);
    put(header, 100, "0000644\0000000000\0000000000\0");
    if (size < OCTAL_SIZES) {
      put(header, 124, octal(size, 11));
    } else {
      header.put(124, (byte) 0x80).putLong(128, size);
    }
    put(header, 136, octal(0, 11));
    put(header, 148, "        0");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header.array()) {
      sum += b & 0xff;
    }
    put(header, 148, octal(sum, 6) + "\0 ");
    return header.array();
  }

  private static String octal(long value, int digits) {
    String text = Long.toOctalString(value);
    return "0".repeat(digits - text.length()) + text;
  }

  private static void put(ByteBuffer header, int at, String text) {
    header.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }
}
