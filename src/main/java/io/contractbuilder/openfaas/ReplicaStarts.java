package io.contractbuilder.openfaas;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the logs tell of the replicas of a new version: which there are, and whether one is started
 * again and again. Kubernetes shows what a container wrote since its last start, so one that was
 * started again has a log that begins later.
 */
final class ReplicaStarts {
  /** Lines that are asked for of each replica; a log of fewer is whole. */
  static final int TAIL = 100;

  /** Once may be chance. */
  private static final int CRASHES = 2;

  /**
   * Kubernetes starts a container again at once the first time, then after 10 s, 20 s and so on: a
   * longer pause says that it was not the first time.
   */
  private static final Duration BACK_OFF = Duration.ofSeconds(5);

  private final Set<String> earlier;
  private final Map<String, Start> latest = new LinkedHashMap<>();
  private Set<String> named = Set.of();
  private int again;
  private boolean backedOff;
  private List<LogLine> lastWords = List.of();

  private record Start(Instant at, List<LogLine> lines) {}

  /**
   * @param earlier replicas of the version before
   */
  ReplicaStarts(Set<String> earlier) {
    this.earlier = earlier;
  }

  /** Takes in what the logs say now, at most {@link #TAIL} lines of each replica. */
  void see(List<LogLine> lines) {
    Map<String, List<LogLine>> each =
        lines.stream()
            .collect(
                Collectors.groupingBy(
                    LogLine::instance,
                    LinkedHashMap::new,
                    Collectors.toCollection(ArrayList::new)));
    named = Set.copyOf(each.keySet());
    each.keySet().removeAll(earlier);
    each.forEach(this::see);
  }

  private void see(String replica, List<LogLine> lines) {
    Start before = latest.get(replica);
    Instant first = lines.getFirst().timestamp();
    boolean whole = lines.size() < TAIL;
    if (before != null && whole && first.isAfter(before.at())) {
      again++;
      lastWords = before.lines();
      Duration pause = Duration.between(lastWords.getLast().timestamp(), first);
      backedOff |= pause.compareTo(BACK_OFF) >= 0;
    }
    if (whole || before == null) {
      latest.put(replica, new Start(whole ? first : Instant.MAX, List.copyOf(lines)));
    }
  }

  /** Whether there are replicas of the new version, and none of the one before. */
  boolean areAllNew() {
    return !named.isEmpty() && named.stream().noneMatch(earlier::contains);
  }

  /** Whether a replica of the new version ends each time that it is started. */
  boolean crash() {
    return again >= CRASHES || backedOff;
  }

  /** How often one was started again. */
  int again() {
    return again;
  }

  /** What a replica wrote before it ended. */
  List<LogLine> lastWords() {
    return lastWords;
  }

  /** What was seen last of the new version, oldest first. */
  List<LogLine> written() {
    return latest.values().stream()
        .flatMap(start -> start.lines().stream())
        .sorted(Comparator.comparing(LogLine::timestamp))
        .toList();
  }
}
