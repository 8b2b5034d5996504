package io.contractbuilder.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a program tells of how it was built with Go 1.18 or later (Go's package {@code
 * debug/buildinfo}).
 *
 * @param go Go's version, for example {@code 1.25.1}
 * @param modules the modules in it but its own, with their versions
 */
record GoBuild(String go, Map<String, String> modules) {
  private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
  private static final int ALIGNMENT = 16;
  private static final int FLAGS = 15;
  private static final int INLINE = 2;
  private static final int HEADER = 32;

  /**
   * Reads it.
   *
   * @throws IOException also if there is none in the file
   */
  static GoBuild read(Path program) throws IOException {
    byte[] bytes = Files.readAllBytes(program);
    for (int at = 0; at + HEADER < bytes.length; at += ALIGNMENT) {
      if (Arrays.equals(bytes, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)
          && (bytes[at + FLAGS] & INLINE) != 0) {
        ByteBuffer rest = ByteBuffer.wrap(bytes).position(at + HEADER);
        String go = string(rest).replaceFirst("^go", "").replaceFirst(" .*", "");
        return new GoBuild(go, modules(string(rest)));
      }
    }
    throw new IOException(program + " was not built with Go 1.18 or later");
  }

  private static Map<String, String> modules(String lines) {
    var modules = new TreeMap<String, String>();
    for (String line : lines.split("\n", -1)) {
      String[] words = line.split("\t", -1);
      if (words[0].equals("dep") && words.length > 2) {
        modules.put(words[1], words[2]);
      }
    }
    return modules;
  }

  /** Its length, seven bits a byte, the lowest first, and its bytes. */
  private static String string(ByteBuffer from) {
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = from.get();
      length |= (next & 0x7f) << shift;
      if (next >= 0) {
        break;
      }
    }
    var text = new byte[length];
    from.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
