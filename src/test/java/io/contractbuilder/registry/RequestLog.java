package io.contractbuilder.registry;

import java.io.IOException;
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
  private int seen;

  /**
   * Of what is asked from now on.
   *
   * @param registry its variable, as {@code PARTS_REGISTRY}
   */
  RequestLog(String registry, String repository) throws IOException {
    this.file = Path.of(Parts.variable(registry + "_LOG"));
    this.below = "/v2/" + repository + "/";
    this.seen = unseen().size();
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
      count += log.unseen().size();
    }
    return count;
  }

  /** The requests since the last time, each as METHOD and PATH. */
  List<String> further() throws IOException {
    List<String> requests = unseen();
    seen += requests.size();
    return requests;
  }

  private List<String> unseen() throws IOException {
    List<String> all =
        LINE.matcher(Files.readString(file, StandardCharsets.UTF_8))
            .results()
            .filter(line -> line.group(2).startsWith(below))
            .map(line -> line.group(1))
            .toList();
    return all.subList(seen, all.size());
  }
}
