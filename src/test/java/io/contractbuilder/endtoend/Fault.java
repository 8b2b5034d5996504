package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.ChainBench.utf8;

/** What a part does instead of its work. */
sealed interface Fault {
  /** Nobody listens any more; connections that were open are reset. */
  record Away() implements Fault {}

  /** Nothing, ever. */
  record Silent() implements Fault {}

  /** The request is done, and the connection reset instead of an answer. */
  record AnswerLost() implements Fault {}

  /** This, and nothing is done. */
  record Says(byte[] answer) implements Fault {}

  /** Whoever asks is killed before the part has the request. */
  record Kills(Runnable kill) implements Fault {}

  /** An answer over HTTP. */
  static Fault http(int status, String body) {
    byte[] bytes = utf8(body);
    return new Says(
        utf8(
            "HTTP/1.1 %d Test\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, bytes.length, body)));
  }

  /** An answer of a Redis, without its end of line. */
  static Fault redis(String answer) {
    return new Says(utf8(answer + "\r\n"));
  }
}
