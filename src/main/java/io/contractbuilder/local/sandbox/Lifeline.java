package io.contractbuilder.local.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Starts programs that must not outlive this one. */
final class Lifeline {
  /**
   * Runs {@code START &} and ends it when the standard input ends, which happens too when the
   * program that holds its other end is killed. {@code STOP} does so.
   */
  private static final String SCRIPT =
      """
      exec 3<&0 </dev/null
      cd "$1" || exit 125
      shift
      PREPARE
      START 3<&- &
      child=$!
      ( read -r _ <&3; for i in 1 2 3 4 5 6 7 8 9 10; do STOP && break; sleep 0.1; done; kill -9 $child
      ) >/dev/null 2>&1 &
      line=$!
      wait $child
      code=$?
      kill $line 2>/dev/null
      exit $code
      """;

  private Lifeline() {}

  static String script(String prepare, String start, String stop) {
    return SCRIPT.replace("PREPARE", prepare).replace("START", start).replace("STOP", stop);
  }

  /** Starts a command without anything of our own environment. */
  static Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin");
    return builder.start();
  }

  /** Writes what others must not read. */
  static void writePrivately(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var channel = Files.newByteChannel(file, Set.of(StandardOpenOption.WRITE))) {
      var bytes = java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
