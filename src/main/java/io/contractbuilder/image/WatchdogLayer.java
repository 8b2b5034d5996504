package io.contractbuilder.image;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.crypto.NativeCrypto;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * The layer that the recipe adds: {@code /usr/bin/fwatchdog} (0755, root) and {@code /tmp} (1777).
 * The same binary gives the same bytes on any machine, so that all contracts share one blob.
 *
 * <p>{@code tmp/} is always there: whether the image has it cannot be known without reading its
 * layers, and a directory's entry over a directory leaves what is in it. The parents of the
 * watchdog are never there: {@code /usr/bin} is a symbolic link in some images, and an entry would
 * replace it and hide what it leads to; who unpacks a layer makes parents that are missing.
 *
 * <p>The gzip stream holds the tar uncompressed, in stored blocks: what a compressor makes of it
 * would depend on the machine's zlib, and the bytes are moved once per registry.
 *
 * @param content a tar in gzip, made when it is asked for
 * @param size of the content
 * @param digest of the content
 * @param diffId the digest of the tar
 */
public record WatchdogLayer(Content content, int size, Digest digest, Digest diffId) {
  private static final int BLOCK = 512;

  /** Makes the layer's bytes. */
  public interface Content {
    byte[] bytes();
  }

  /** Makes the layer of a static binary. */
  public static WatchdogLayer of(byte[] binary) {
    MessageDigest diffId = NativeCrypto.sha256();
    tar(binary).forEach(diffId::update);
    byte[] bytes = pack(binary);
    return new WatchdogLayer(() -> bytes, bytes.length, Digest.of(bytes), Digest.of(diffId));
  }

  /** The bytes of a static binary's layer, without their digests. */
  static byte[] pack(byte[] binary) {
    List<byte[]> tar = tar(binary);
    StoredGzip gzip = new StoredGzip(tar.stream().mapToInt(part -> part.length).sum());
    tar.forEach(gzip::write);
    return gzip.finish();
  }

  private static List<byte[]> tar(byte[] binary) {
    int padding = (BLOCK - binary.length % BLOCK) % BLOCK;
    return List.of(
        header("tmp/", 0, 01777, '5'),
        header("usr/bin/fwatchdog", binary.length, 0755, '0'),
        binary,
        // Two empty blocks end a tar.
        new byte[padding + 2 * BLOCK]);
  }

  /** The layer's bytes. */
  public byte[] bytes() {
    return content.bytes();
  }

  /** A header as POSIX has it ("ustar Interchange Format"): owner root, time 0. */
  private static byte[] header(String name, long size, int mode, char type) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, octal(mode, 7));
    put(header, 108, octal(0, 7));
    put(header, 116, octal(0, 7));
    put(header, 124, octal(size, 11));
    put(header, 136, octal(0, 11));
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, octal(sum, 6) + "\0 ");
    return header;
  }

  private static String octal(long value, int digits) {
    String text = Long.toOctalString(value);
    return "0".repeat(digits - text.length()) + text;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, header, at, ascii.length);
  }
}
