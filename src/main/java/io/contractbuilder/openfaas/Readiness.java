package io.contractbuilder.openfaas;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Waits until a deployed version answers, or finds out why it does not. */
final class Readiness {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** How often a function that was started is seen not to run, until that is believed. */
  private static final int STOPPED = 2;

  private static final int LAST_LINES = 5;
  private static final int LOG_TRIES = 3;
  private static final int MAX_LINE = 300;

  private final HttpFunctionGateway gateway;
  private final FunctionLogs logs;
  private final GatewayCalls calls;
  private final GatewayCalls.Pauses pauses;
  private final InstantSource clock;

  Readiness(
      HttpFunctionGateway gateway,
      FunctionLogs logs,
      GatewayCalls calls,
      GatewayCalls.Pauses pauses,
      InstantSource clock) {
    this.gateway = gateway;
    this.logs = logs;
    this.calls = calls;
    this.pauses = pauses;
    this.clock = clock;
  }

  void await(Deployment deployment, Duration limit) {
    String name = deployment.spec().service();
    Instant end = clock.instant().plus(limit);
    Duration pause = FIRST_PAUSE;
    var starts = new ReplicaStarts(deployment.earlierInstances());
    String health = "";
    int stopped = 0;
    while (true) {
      FunctionStatus status = gateway.function(name);
      boolean available = status != null && status.availableReplicas() > 0;
      if (available && serves(deployment, starts)) {
        health = health(name, Duration.between(clock.instant(), end));
        if (health == null) {
          return;
        }
      }
      if (!available) {
        stopped++;
        look(deployment, starts);
      }
      if (starts.crash()) {
        throw crashed(
            deployment,
            "it was started again " + starts.again() + " times before it answered",
            starts.lastWords());
      }
      if (status != null && stopped >= STOPPED && gateway.info().startsOnce()) {
        throw crashed(deployment, "it ended", newLines(deployment, starts));
      }
      if (Thread.currentThread().isInterrupted() || !clock.instant().plus(pause).isBefore(end)) {
        throw notReady(deployment, starts, status, within(limit) + health);
      }
      pauses.pause(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  /**
   * Whether those who serve are of the new version. After a PUT on faas-netes the old pods go on
   * serving, and count as available; only the log names who is there: old ones only, the new one is
   * not started; both, it is not ready; new ones only, done. Others answer a PUT when the new
   * version has taken the old one's place.
   */
  private boolean serves(Deployment deployment, ReplicaStarts starts) {
    if (deployment.earlierInstances().isEmpty()) {
      return true;
    }
    starts.see(logs.lines(deployment.spec().service(), ReplicaStarts.TAIL));
    return starts.areAllNew();
  }

  /** Looks for a new version that ends each time that it is started. */
  private void look(Deployment deployment, ReplicaStarts starts) {
    if (gateway.info().rollsOver()) {
      try {
        starts.see(logs.lines(deployment.spec().service(), ReplicaStarts.TAIL));
      } catch (GatewayException e) {
        // Not known yet; the function itself is asked about again, and fails if the gateway is
        // gone.
      }
    }
  }

  /**
   * Null if it is well, else what it answered, for a message. Asked only when a replica is there:
   * asked too early it blocks for up to 101 s.
   */
  private @Nullable String health(String name, Duration left) {
    Duration limit = left.compareTo(Duration.ofSeconds(5)) < 0 ? left : Duration.ofSeconds(5);
    if (!limit.isPositive()) {
      return "";
    }
    String path = "/function/" + HttpFunctionGateway.encoded(name) + "/_/health";
    try {
      GatewayAnswer answer = calls.once("GET", path, null, java.util.Map.of(), limit);
      return answer.isSuccess() ? null : " (its health: " + answer.words() + ")";
    } catch (IOException e) {
      // Between two tries the loop looks at the function itself, and fails if the gateway is gone.
      return "";
    }
  }

  private GatewayException crashed(Deployment deployment, String what, List<LogLine> lines) {
    String answer =
        lines.isEmpty() ? what + ", and wrote nothing" : what + "; its last lines: " + last(lines);
    String remedy =
        lines.isEmpty()
            ? "Look at the provider's log"
            : "Mend what these lines say. A function has to listen within about 7 s of its start";
    return new GatewayException(
        calls.shown(),
        "waiting for function " + deployment.spec().service(),
        0,
        answer,
        remedy,
        false,
        null);
  }

  private GatewayException notReady(
      Deployment deployment, ReplicaStarts starts, @Nullable FunctionStatus status, String within) {
    FunctionSpec spec = deployment.spec();
    List<LogLine> lines = newLines(deployment, starts);
    String answer;
    String remedy;
    if (status == null) {
      answer = "the function is gone";
      remedy = "Somebody or something removed it: look at the provider's log";
    } else if (lines.isEmpty() && !gateway.info().rollsOver()) {
      answer = "it does not answer" + within + ", and its log is empty";
      remedy = "Look at the provider's log and the function's (contract-builder logs)";
    } else if (lines.isEmpty()) {
      answer = "it never wrote a line" + within;
      remedy =
          "Its image was perhaps not pulled: check that the provider can reach the registry of "
              + spec.image()
              + ", has its credentials, and has room for another function";
    } else {
      answer = "it does not answer" + within + "; its last lines: " + last(lines);
      remedy = "Mend what these lines say, or allow more time (CONTRACT_BUILDER_READY_TIMEOUT)";
    }
    return new GatewayException(
        calls.shown(), "waiting for function " + spec.service(), 0, answer, remedy, false, null);
  }

  /**
   * What the new version wrote; asked again where nothing comes, as logs are at times cut short,
   * and else what it wrote before it was started again.
   */
  private List<LogLine> newLines(Deployment deployment, ReplicaStarts starts) {
    String name = deployment.spec().service();
    for (int tried = 1; ; tried++) {
      List<LogLine> lines = List.of();
      try {
        // Of each replica: the last lines of all may be of the one that still serves.
        List<LogLine> all =
            gateway.info().tailsFromTheOldest()
                ? logs.since(name, gateway.createdAt(name))
                : logs.lines(name, LAST_LINES);
        lines =
            all.stream()
                .filter(line -> !deployment.earlierInstances().contains(line.instance()))
                .toList();
      } catch (GatewayException e) {
        // The reason for which it is asked counts more than that the log cannot be had.
        return starts.written();
      }
      if (!lines.isEmpty()) {
        return lines;
      }
      if (tried == LOG_TRIES) {
        return starts.written();
      }
      pauses.pause(LONGEST_PAUSE);
    }
  }

  private static String within(Duration limit) {
    return " within " + limit.toSeconds() + " s";
  }

  private static String last(List<LogLine> lines) {
    return lines.stream()
        .skip(Math.max(0, lines.size() - LAST_LINES))
        .map(line -> line.text().replaceAll("\\p{Cntrl}+", " "))
        .map(text -> text.length() <= MAX_LINE ? text : text.substring(0, MAX_LINE) + "…")
        .collect(Collectors.joining(" | "));
  }
}
