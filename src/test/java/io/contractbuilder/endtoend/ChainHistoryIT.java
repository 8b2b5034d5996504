package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.app.InProcess.Ended;
import io.contractbuilder.endtoend.ChainHistory.Disturbance;
import io.contractbuilder.endtoend.ChainHistory.Event;
import io.contractbuilder.endtoend.FaultLane.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random events of several contracts, during which parts fail at random and the program is killed
 * with SIGKILL: run again, at once or when others were done, until all are done, they leave what
 * they leave where nothing disturbs them. {@code -Dhistory.seed} is where they begin; what fails is
 * shrunk to the events that it takes.
 */
class ChainHistoryIT {
  private static final boolean LONG = "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY"));
  private static final int TRIES = LONG ? 40 : 2;

  /** Most of the time is spent waiting. */
  private static final int LANES = LONG ? 4 : 2;

  /** Each takes seconds. */
  private static final int SHRINKING = 40;

  @TempDir private Path folder;

  @NeedsRoot
  @Test
  void whateverFailsOnTheWayTheEndIsTheSame() throws Exception {
    long first = Long.getLong("history.seed", System.nanoTime() % 1_000_000);
    System.out.println("ChainHistoryIT: histories from -Dhistory.seed=" + first);
    var seeds = new AtomicLong(first);
    var lanes = new ArrayList<FaultLane>();
    try (var threads = Executors.newFixedThreadPool(LANES)) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < LANES; i++) {
        var lane = new FaultLane(Files.createDirectory(folder.resolve("lane-" + i)));
        lanes.add(lane);
        running.add(threads.submit(() -> work(lane, seeds, first + TRIES)));
      }
      Bench.await(running);
    } finally {
      lanes.forEach(FaultLane::close);
    }
  }

  private static @Nullable Void work(FaultLane lane, AtomicLong seeds, long end)
      throws IOException {
    for (long seed = seeds.getAndIncrement(); seed < end; seed = seeds.getAndIncrement()) {
      long begin = System.nanoTime();
      ChainHistory history = ChainHistory.of(new Random(seed));
      AssertionError failure = failure(lane, history);
      System.out.println(
          seed + " " + (System.nanoTime() - begin) / 1_000_000 + " ms\n  " + history);
      if (failure != null) {
        // The others need not go on.
        seeds.set(end);
        throw shrunk(lane, seed, history, failure);
      }
    }
    return null;
  }

  private static AssertionError shrunk(
      FaultLane lane, long seed, ChainHistory history, AssertionError failure) throws IOException {
    ChainHistory best = history;
    AssertionError why = failure;
    int tries = SHRINKING;
    for (boolean shrunk = true; shrunk && tries > 0; ) {
      shrunk = false;
      for (ChainHistory smaller : best.smaller()) {
        AssertionError still = tries-- > 0 ? failure(lane, smaller) : null;
        if (still != null) {
          best = smaller;
          why = still;
          shrunk = true;
          break;
        }
      }
    }
    return new AssertionError("-Dhistory.seed=" + seed + ", shrunk to\n  " + best, why);
  }

  private static @Nullable AssertionError failure(FaultLane lane, ChainHistory history)
      throws IOException {
    try {
      List<String> undisturbed = ends(lane, history, false);
      List<String> disturbed = ends(lane, history, true);
      assertThat(disturbed).as("as undisturbed").containsExactlyInAnyOrderElementsOf(undisturbed);
      return null;
    } catch (AssertionError e) {
      return e;
    } finally {
      lane.mend();
    }
  }

  private static List<String> ends(FaultLane lane, ChainHistory history, boolean disturbed)
      throws IOException {
    List<Webserver> webservers = lane.contracts(Place.HTTP_LEDGER, ChainHistory.CONTRACTS);
    var waiting = new HashMap<Integer, ObjectNode>();
    for (Event event : history.events()) {
      finish(lane, waiting.remove(event.contract()));
      ObjectNode made = event.of(lane, webservers.get(event.contract()));
      Disturbance disturbance = disturbed ? event.disturbance() : null;
      if (disturbance != null) {
        disturb(lane, made, disturbance);
      }
      if (disturbance != null && disturbance.later()) {
        waiting.put(event.contract(), made);
      } else {
        finish(lane, made);
      }
    }
    for (Map.Entry<Integer, ObjectNode> left : waiting.entrySet()) {
      finish(lane, left.getValue());
    }
    return lines(lane.held());
  }

  /** What the cache does not hold is read from the storage; jobs of two contracts have no order. */
  private static List<String> lines(String held) {
    return held.replaceAll("\\+ cache .*\n.*\n", "")
        .replaceAll("ledger item \\d+", "ledger item")
        .lines()
        .toList();
  }

  private static void disturb(FaultLane lane, ObjectNode event, Disturbance disturbance)
      throws IOException {
    FaultyPart part = disturbance.part();
    FaultKind kind = disturbance.kind();
    if (kind == null) {
      lane.killed(event, part, disturbance.at());
      return;
    }
    lane.proxy(part)
        .plan(new FaultProxy.Plan(kind.of(part), _ -> true, disturbance.at(), kind.times));
    Ended ended = lane.job(event);
    assertThat(ended.code()).as(ended.complaints()).isIn(0, 1, 3);
    lane.mend();
  }

  private static void finish(FaultLane lane, @Nullable ObjectNode event) throws IOException {
    if (event != null) {
      Ended ended = lane.job(event);
      assertThat(ended.code()).as(ended.complaints()).isZero();
      lane.carryOut();
    }
  }
}
