package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Webserver.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.app.InProcess.Ended;
import io.contractbuilder.endtoend.FaultLane.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random events of a contract, during which parts fail at random: run again until it is done, each
 * leaves what it leaves where nothing fails. {@code -Dhistory.seed} is where they begin.
 */
class ChainHistoryIT {
  private static final int TRIES = "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY")) ? 40 : 3;

  /** Those that are no matter of long waiting. */
  private static final List<FaultKind> KINDS =
      List.of(FaultKind.LOST_ONCE, FaultKind.BUSY_ONCE, FaultKind.GOES, FaultKind.BROKEN);

  private static final List<FaultyPart> PARTS =
      List.of(
          FaultyPart.QUEUES,
          FaultyPart.CACHE,
          FaultyPart.INDEX,
          FaultyPart.REGISTRY,
          FaultyPart.SOURCE,
          FaultyPart.GATEWAY,
          FaultyPart.LEDGER);

  @TempDir private Path folder;

  /**
   * What happens.
   *
   * @param delete else an update, as {@code fields} say
   * @param fails a part; null: none
   * @param at which of its requests, from 1
   */
  private record Event(
      boolean delete,
      Consumer<ObjectNode> fields,
      String told,
      @Nullable FaultyPart fails,
      FaultKind kind,
      int at) {
    @Override
    public String toString() {
      String fault = fails == null ? "" : ", " + fails + " " + kind + " at request " + at;
      return (delete ? "delete" : "update " + told) + fault;
    }
  }

  @NeedsRoot
  @Test
  void whateverFailsOnTheWayTheEndIsTheSame() throws IOException, InterruptedException {
    long first = Long.getLong("history.seed", System.nanoTime() % 1_000_000);
    System.out.println("ChainHistoryIT: histories from -Dhistory.seed=" + first);
    try (var lane = new FaultLane(folder)) {
      for (long seed = first; seed < first + TRIES; seed++) {
        List<Event> history = history(new Random(seed));
        String told = "-Dhistory.seed=" + seed + "\n" + history;
        String undisturbed = ends(lane, history, false, told);
        String disturbed = ends(lane, history, true, told);
        assertThat(lines(disturbed)).as(told).containsExactlyElementsOf(lines(undisturbed));
      }
    }
  }

  /** What the cache does not hold is read from the storage. */
  private static List<String> lines(String held) {
    return held.replaceAll("\\+ cache .*\n.*\n", "").lines().toList();
  }

  private static String ends(FaultLane lane, List<Event> history, boolean disturbed, String told)
      throws IOException {
    ObjectNode event = lane.prepare(Place.HTTP_LEDGER, FaultLane.Action.CREATE);
    for (Event next : history) {
      finish(lane, event, disturbed ? next : null, told);
      event = next.delete() ? lane.webserver().delete() : lane.webserver().update(next.fields());
    }
    finish(lane, event, null, told);
    return lane.held();
  }

  /** Runs an event, disturbed as the other one says, and again in peace. */
  private static void finish(FaultLane lane, ObjectNode event, @Nullable Event fault, String told)
      throws IOException {
    if (fault != null && fault.fails() != null) {
      FaultyPart part = fault.fails();
      lane.proxy(part)
          .plan(
              new FaultProxy.Plan(
                  fault.kind().of(part), _ -> true, fault.at(), fault.kind().times));
      Ended ended = lane.job(event);
      assertThat(ended.code()).as(told + "\n" + ended.complaints()).isIn(0, 1, 3);
      lane.mend();
    }
    Ended ended = lane.job(event);
    assertThat(ended.code()).as(told + "\n" + ended.complaints()).isZero();
    lane.carryOut();
  }

  private static List<Event> history(Random random) {
    var events = new ArrayList<Event>();
    int length = 1 + random.nextInt(3);
    for (int i = 0; i <= length; i++) {
      boolean tag = random.nextBoolean();
      int seconds = 10 * (1 + random.nextInt(3));
      boolean secret = random.nextBoolean();
      String rate = Integer.toString(random.nextInt(3));
      Consumer<ObjectNode> fields =
          event -> {
            event.set("env", object(Map.of("RATE", rate)));
            if (tag) {
              event.put("seconds", seconds);
            }
            if (secret) {
              event.set("secrets", object(Map.of("two", rate)));
            }
          };
      events.add(
          new Event(
              i == length && random.nextBoolean(),
              fields,
              "RATE=" + rate + (tag ? " seconds=" + seconds : "") + (secret ? " secret" : ""),
              random.nextInt(4) == 0 ? null : PARTS.get(random.nextInt(PARTS.size())),
              KINDS.get(random.nextInt(KINDS.size())),
              1 + random.nextInt(8)));
    }
    return events;
  }
}
