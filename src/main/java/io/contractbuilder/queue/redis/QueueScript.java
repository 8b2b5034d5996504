package io.contractbuilder.queue.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is done to the queue in one step each: a Lua file beside this class, which says what its
 * arguments are. {@code base.lua} says what the keys hold.
 */
enum QueueScript {
  TAKE_IN,
  TAKE,
  DONE,
  LATER,
  PUT_BACK,
  BURY,
  BEAT,
  LEAVE,
  LOOK,
  DEAD_LETTERS,
  DEAD_LETTER,
  RETRY,
  DROP;

  private final String lua = read("base") + read(name().toLowerCase(Locale.ROOT).replace('_', '-'));

  /** As Redis is given it. */
  String lua() {
    return lua;
  }

  /** Without its comments: it goes to Redis with each call. */
  private static String read(String name) {
    try (InputStream in = QueueScript.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException(name + ".lua is not in the program");
      }
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.strip().startsWith("--"))
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
