package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.ChainBench.utf8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where on a connection a message ends: as much of a protocol as a proxy has to know. */
enum Wire {
  HTTP {
    @Override
    @Nullable Request request(InputStream in, OutputStream back) throws IOException {
      var bytes = new ByteArrayOutputStream();
      String head = head(in, bytes);
      if (head == null) {
        return null;
      }
      if (header(head, "expect") != null) {
        back.write(utf8("HTTP/1.1 100 Continue\r\n\r\n"));
      }
      body(in, bytes, head, false);
      String[] words = head.split(" ", 3);
      return new Request(words[0] + " " + words[1], bytes.toByteArray());
    }

    @Override
    byte[] answer(Request request, InputStream in) throws IOException {
      while (true) {
        var bytes = new ByteArrayOutputStream();
        String head = head(in, bytes);
        if (head == null) {
          throw new IOException("no answer");
        }
        String status = head.split(" ", 3)[1];
        if (!status.startsWith("1")) {
          boolean none =
              request.name().startsWith("HEAD ") || status.equals("204") || status.equals("304");
          if (!none) {
            body(in, bytes, head, true);
          }
          return bytes.toByteArray();
        }
      }
    }
  },

  REDIS {
    @Override
    @Nullable Request request(InputStream in, OutputStream back) throws IOException {
      var bytes = new ByteArrayOutputStream();
      String first = line(in, bytes);
      if (first == null) {
        return null;
      }
      var words = new ArrayList<String>();
      for (int i = Integer.parseInt(first.substring(1)); i > 0; i--) {
        String length = line(in, bytes);
        if (length == null) {
          return null;
        }
        words.add(copy(in, bytes, Integer.parseInt(length.substring(1)) + 2).strip());
      }
      // Of a script, what it is about.
      boolean script = words.getFirst().startsWith("EVAL");
      var named = script ? words.subList(3, words.size()) : words;
      return new Request((script ? "EVAL " : "") + String.join(" ", named), bytes.toByteArray());
    }

    @Override
    byte[] answer(Request request, InputStream in) throws IOException {
      var bytes = new ByteArrayOutputStream();
      value(in, bytes);
      return bytes.toByteArray();
    }

    private void value(InputStream in, ByteArrayOutputStream to) throws IOException {
      String line = line(in, to);
      if (line == null) {
        throw new IOException("no answer");
      }
      switch (line.charAt(0)) {
        case '$', '=', '!' -> {
          int length = Integer.parseInt(line.substring(1));
          if (length >= 0) {
            copy(in, to, length + 2);
          }
        }
        case '*', '~', '>', '%' -> {
          int times = line.charAt(0) == '%' ? 2 : 1;
          for (int i = times * Integer.parseInt(line.substring(1)); i > 0; i--) {
            value(in, to);
          }
        }
        default -> {}
      }
    }
  };

  /**
   * What a client asks.
   *
   * @param name its words, or the first line
   */
  record Request(String name, byte[] bytes) {}

  /** The next request; null: the client is done. */
  abstract @Nullable Request request(InputStream in, OutputStream back) throws IOException;

  /** The answer to it. */
  abstract byte[] answer(Request request, InputStream in) throws IOException;

  /** A line without its end; null at the end of all. */
  static @Nullable String line(InputStream in, ByteArrayOutputStream to) throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      line.write(next);
      if (next == '\n') {
        to.write(line.toByteArray());
        return line.toString(StandardCharsets.UTF_8).strip();
      }
    }
  }

  static String copy(InputStream in, ByteArrayOutputStream to, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("ended in a message");
    }
    to.write(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static @Nullable String head(InputStream in, ByteArrayOutputStream to) throws IOException {
    var head = new StringBuilder();
    while (true) {
      String line = line(in, to);
      if (line == null) {
        return null;
      }
      if (line.isEmpty()) {
        return head.toString();
      }
      head.append(line).append('\n');
    }
  }

  static @Nullable String header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(null);
  }

  static void body(InputStream in, ByteArrayOutputStream to, String head, boolean toTheEnd)
      throws IOException {
    String length = header(head, "content-length");
    if (header(head, "transfer-encoding") != null) {
      int size;
      do {
        String line = String.valueOf(line(in, to));
        size = Integer.parseInt(line.split(";", 2)[0], 16);
        copy(in, to, size + 2);
      } while (size > 0);
    } else if (length != null) {
      copy(in, to, Integer.parseInt(length));
    } else if (toTheEnd) {
      in.transferTo(to);
    }
  }
}
