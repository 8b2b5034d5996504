package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What functions wrote. */
final class FunctionLogs {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** How far back is looked first, where there is no asking for the last lines. */
  private static final Duration RECENT = Duration.ofMinutes(10);

  private static final int FARTHER = 12;
  private static final int TRIES = 4;

  private final HttpFunctionGateway gateway;
  private final GatewayCalls calls;
  private final InstantSource clock;

  FunctionLogs(HttpFunctionGateway gateway, GatewayCalls calls, InstantSource clock) {
    this.gateway = gateway;
    this.calls = calls;
    this.clock = clock;
  }

  /** The last lines, oldest first, of all replicas together. */
  List<LogLine> last(String name, int tail) {
    List<LogLine> lines =
        gateway.info().tailsFromTheOldest() ? recent(name, tail) : lines(name, tail);
    return lines.subList(Math.max(0, lines.size() - tail), lines.size());
  }

  /** At least so many lines, if there are, of a function that perhaps writes little or much. */
  private List<LogLine> recent(String name, int tail) {
    Instant made = gateway.createdAt(name);
    Instant now = clock.instant();
    Duration back = RECENT;
    while (now.minus(back).isAfter(made)) {
      List<LogLine> lines = since(name, now.minus(back));
      if (lines.size() >= tail || made.equals(Instant.MIN)) {
        return lines;
      }
      back = back.multipliedBy(FARTHER);
    }
    return since(name, made);
  }

  /**
   * What was written from a time on, oldest first. faasd cuts about 4 of 10 such answers short, so
   * the longest of a few is taken.
   */
  List<LogLine> since(String name, Instant time) {
    List<LogLine> longest = List.of();
    for (int tried = 0; tried < TRIES; tried++) {
      List<LogLine> lines =
          read(name, "&since=" + time).stream()
              .filter(line -> !line.timestamp().isBefore(time))
              .toList();
      longest = lines.size() > longest.size() ? lines : longest;
    }
    return longest;
  }

  /** The last lines, oldest first; on faas-netes {@code tail} of each replica. */
  List<LogLine> lines(String name, int tail) {
    return read(name, "&tail=" + tail);
  }

  private List<LogLine> read(String name, String which) {
    String path =
        "/system/logs?name=" + HttpFunctionGateway.encoded(name) + which + "&follow=false";
    GatewayAnswer answer = calls.call("GET", path, null, LIMIT);
    if (answer.status() == 500 && answer.says("unknown log request error (500)")) {
      // faas-netes, of a function that it does not have.
      return List.of();
    }
    if (!answer.isSuccess()) {
      throw calls.refused("reading logs of " + name, answer, "Look at the provider's log");
    }
    // faas-netes gives one replica after the other.
    return answer
        .text()
        .lines()
        .map(FunctionLogs::line)
        .filter(Objects::nonNull)
        .sorted(Comparator.comparing(LogLine::timestamp))
        .toList();
  }

  /** The replicas that wrote the last lines of a function. */
  Set<String> instances(String name) {
    return lines(name, 1).stream().map(LogLine::instance).collect(Collectors.toSet());
  }

  /** Null for a line that is cut short, as faasd's last one may be. */
  private static @Nullable LogLine line(String line) {
    try {
      JsonNode json = Json.read(line.getBytes(StandardCharsets.UTF_8));
      return new LogLine(
          json.path("name").asText(),
          json.path("instance").asText(),
          Instant.parse(json.path("timestamp").asText()),
          json.path("text").asText().replaceFirst("\\R\\z", ""));
    } catch (IOException | DateTimeParseException e) {
      return null;
    }
  }
}
