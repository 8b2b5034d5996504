package io.contractbuilder.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a tar file's entries one after the other (POSIX ustar and pax, GNU's long names). */
final class TarReader {
  private static final int BLOCK = 512;
  private static final int MAX_EXTENSION = 1 << 20;
  private final InputStream in;
  private long at;
  private long left;
  private long padding;

  /**
   * @param type as in the header: {@code '0'} file, {@code '1'} hard link, {@code '2'} symbolic
   *     link, {@code '5'} directory
   * @param offset of its content in the tar
   * @param mode permissions
   */
  record Entry(
      String name,
      char type,
      String link,
      long size,
      long offset,
      int mode,
      long user,
      long group) {
    boolean isFile() {
      return type == '0' || type == 0 || type == '7';
    }
  }

  /** An entry's header goes on before it in others. */
  private static final class Extension {
    @Nullable String name;
    @Nullable String link;
    @Nullable Long size;
  }

  TarReader(InputStream in) {
    this.in = in;
  }

  /** The next entry, its content to be read next; null at the end. */
  @Nullable Entry next() throws IOException {
    Extension extension = new Extension();
    while (true) {
      skip(left + padding);
      left = 0;
      padding = 0;
      byte[] header = in.readNBytes(BLOCK);
      at += header.length;
      if (header.length < BLOCK || isEmpty(header)) {
        return null;
      }
      Entry entry = entry(header, extension);
      left = entry.size();
      padding = (BLOCK - left % BLOCK) % BLOCK;
      switch (entry.type()) {
        case 'L' -> extension.name = text(content());
        case 'K' -> extension.link = text(content());
        case 'x' -> pax(content(), extension);
        case 'g' -> content();
        default -> {
          return entry;
        }
      }
    }
  }

  private Entry entry(byte[] header, Extension extension) throws IOException {
    char type = (char) (header[156] & 0xff);
    boolean extended = type == 'L' || type == 'K' || type == 'x' || type == 'g';
    String prefix =
        new String(header, 257, 6, StandardCharsets.US_ASCII).equals("ustar\0")
            ? text(Arrays.copyOfRange(header, 345, 500))
            : "";
    String own = text(Arrays.copyOfRange(header, 0, 100));
    String name = prefix.isEmpty() ? own : prefix + "/" + own;
    String link = text(Arrays.copyOfRange(header, 157, 257));
    long size = number(header, 124, 12);
    if (!extended) {
      name = extension.name == null ? name : extension.name;
      link = extension.link == null ? link : extension.link;
      size = extension.size == null ? size : extension.size;
      size = type == '1' || type == '2' || type == '5' ? 0 : size;
    }
    return new Entry(
        name,
        type,
        link,
        size,
        at,
        (int) (number(header, 100, 8) & 07777),
        number(header, 108, 8),
        number(header, 116, 8));
  }

  /** The content of the entry last read, whole. */
  byte[] content() throws IOException {
    return content(MAX_EXTENSION);
  }

  /** The same, of {@code limit} bytes at most. */
  byte[] content(int limit) throws IOException {
    if (left > limit) {
      throw new IOException("an entry of " + left + " bytes, where " + limit + " are taken");
    }
    byte[] bytes = in.readNBytes((int) left);
    if (bytes.length < left) {
      throw endsWithin();
    }
    at += bytes.length;
    left = 0;
    return bytes;
  }

  private void skip(long count) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (EOFException e) {
      throw endsWithin();
    }
    at += count;
  }

  private static EOFException endsWithin() {
    return new EOFException("the tar ends within an entry");
  }

  private static void pax(byte[] records, Extension extension) throws IOException {
    int from = 0;
    while (from < records.length) {
      int space = from;
      while (space < records.length && records[space] != ' ') {
        space++;
      }
      long length = decimal(new String(records, from, space - from, StandardCharsets.US_ASCII));
      int end = (int) Math.min(from + length - 1, Integer.MAX_VALUE - 1);
      if (length <= space - from + 1 || end > records.length) {
        throw new IOException("a malformed pax header");
      }
      String[] pair =
          new String(records, space + 1, end - space - 1, StandardCharsets.UTF_8).split("=", 2);
      String value = pair.length == 2 ? pair[1] : "";
      switch (pair[0]) {
        case "path" -> extension.name = value;
        case "linkpath" -> extension.link = value;
        case "size" -> extension.size = Math.max(0, decimal(value));
        default -> {}
      }
      from = end + 1;
    }
  }

  private static long decimal(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("a malformed pax header", e);
    }
  }

  private static boolean isEmpty(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] field) {
    int end = 0;
    while (end < field.length && field[end] != 0) {
      end++;
    }
    return new String(field, 0, end, StandardCharsets.UTF_8);
  }

  private static long number(byte[] header, int from, int length) throws IOException {
    if ((header[from] & 0x80) != 0) {
      byte[] binary = Arrays.copyOfRange(header, from, from + length);
      binary[0] &= 0x7f;
      BigInteger value = new BigInteger(1, binary);
      if (value.bitLength() > 62) {
        throw new IOException("an entry of impossible size");
      }
      return value.longValue();
    }
    String octal = text(Arrays.copyOfRange(header, from, from + length)).strip();
    if (!octal.matches("[0-7]{0,12}")) {
      throw new IOException("a malformed tar header");
    }
    return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
  }
}
