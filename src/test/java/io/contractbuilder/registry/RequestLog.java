package io.contractbuilder.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * What a real registry says was asked of it for one repository by this program: its access log, one
 * line per request.
 */
final class RequestLog {
  private static final long PATIENCE = 20_000_000_000L;
  private static final Pattern LINE =
      Pattern.compile("\"([A-Z]+ (\\S+)) HTTP/1\\.1\" \\d+ .*\"contract-builder\"");

  private final Path file;
  private final String below;
  private long seen;

  /**
   * Of what is asked from now on.
   *
   * @param registry its variable, as {@code PARTS_REGISTRY}
   */
  RequestLog(String registry, String repository) throws IOException {
    this.file = Path.of(Parts.variable(registry + "_LOG"));
    this.below = "/v2/" + repository + "/";
    this.seen = Files.size(file);
  }

  /** Waits until these have so many requests since the last time; not for ever. */
  static void await(int requests, RequestLog... logs) throws IOException {
    long end = System.nanoTime() + PATIENCE;
    // A line is written when its answer has been.
    while (count(logs) < requests && System.nanoTime() < end) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static int count(RequestLog... logs) throws IOException {
    int count = 0;
    for (RequestLog log : logs) {
      count += log.requests(log.unseen()).size();
    }
    return count;
  }

  /** The requests since the last time, each as METHOD and PATH. */
  List<String> further() throws IOException {
    String lines = unseen();
    seen += lines.length();
    return requests(lines);
  }

  /** Whole lines, a character for each byte: other tests have the same registry write many. */
  private String unseen() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(seen);
      String written = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      return written.substring(0, written.lastIndexOf('\n') + 1);
    }
  }

  private List<String> requests(String lines) {
    return LINE.matcher(lines)
        .results()
        .filter(line -> line.group(2).startsWith(below))
        .map(line -> line.group(1))
        .toList();
  }
}
