package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod. What it does is said by its image's name or its variables: {@code never-pulls}; {@code
 * crashes} and {@code listens-late} are started again and again; others are ready after two polls.
 */
final class Pod {
  private static final int STARTING = 2;

  /** Polls until one that ended is started again; Kubernetes takes longer each time. */
  private static final int BACK_OFF = 4;

  private static final Instant BEGAN = Instant.parse("2026-11-21T03:28:01.755797293Z");

  private final String name;
  private final String said;
  private int polls;

  Pod(String name, String said) {
    this.name = name;
    this.said = said;
  }

  private boolean isStartedAgain() {
    return said.contains("crashes") || said.contains("listens-late");
  }

  boolean isReady() {
    return polls >= STARTING && !isStartedAgain() && !said.contains("never-pulls");
  }

  /** A poll passes; true if it has become ready by it. */
  boolean pass() {
    boolean before = isReady();
    polls++;
    return !before && isReady();
  }

  /** What it wrote since it was started the last time. */
  List<ObjectNode> log(String function) {
    if (said.contains("never-pulls")) {
      return List.of();
    }
    Instant start = BEGAN.plusSeconds(isStartedAgain() ? polls / BACK_OFF * 10L : 0);
    // The containers' own words, captured.
    if (said.contains("crashes")) {
      return List.of(
          line(function, start, "starting\n"),
          line(function, start.plusNanos(293_478), "cannot open /data/model: no such file\n"));
    }
    var lines = new ArrayList<ObjectNode>();
    lines.add(line(function, start, "2026/11/21 03:25:58 Listening on port: 8080\n"));
    for (int call = 0; call < 8 && isReady(); call++) {
      Instant at = start.plusSeconds(100 + call);
      lines.add(line(function, at, "2026/11/21 03:28:11 Forking fprocess.\n"));
    }
    return lines;
  }

  private ObjectNode line(String function, Instant at, String text) {
    return Json.object()
        .put("name", function)
        .put("namespace", "")
        .put("instance", name)
        .put("timestamp", at.toString())
        .put("text", text);
  }
}
