package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.app.InProcess.Ended;
import io.contractbuilder.endtoend.FaultLane.Action;
import io.contractbuilder.endtoend.FaultLane.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every part of a chain fails in every way at every call; {@code docs/failures.md} says what
 * becomes of it, and the same event again ends as if nothing had been.
 *
 * <p>A sample in this process, some of it by the entry script, which {@code -Dfailures.seed}
 * repeats; all with {@code CONTRACT_BUILDER_VERIFY=long}. {@code -Dfailures.only} is a regular
 * expression for rows; {@code -Dfailures.write=true} writes the document.
 */
class ChainPartsDownIT {
  private static final boolean LONG = "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY"));
  private static final boolean WRITE = Boolean.getBoolean("failures.write");
  private static final int LANES = Integer.getInteger("failures.lanes", LONG ? 5 : 2);
  private static final int SAMPLE = 16;

  /** docs/exit-codes.md: of a job of which one part is away or silent. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Every so many of the sample. */
  private static final int BY_SCRIPT = 6;

  @TempDir private Path folder;

  private final List<FaultCell> cells = new ArrayList<>();
  private final Map<String, String> undisturbed = new ConcurrentHashMap<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private FailuresTable table = FailuresTable.empty();

  @NeedsRoot
  @Test
  void everyPartMayFailAnywhere() throws Exception {
    // As the program finds them in its environment.
    System.setProperty("aws.accessKeyId", Bench.part("PARTS_S3_KEY_ID"));
    System.setProperty("aws.secretAccessKey", Bench.part("PARTS_S3_SECRET"));
    table = FailuresTable.stored();
    var lanes = new ArrayList<FaultLane>();
    try (var threads = Executors.newFixedThreadPool(LANES)) {
      for (int i = 0; i < LANES; i++) {
        lanes.add(new FaultLane(Files.createDirectory(folder.resolve("lane-" + i))));
      }
      findCalls(lanes.getFirst());
      if (!WRITE) {
        assertThat(cells).as("said in docs/failures.md").allMatch(c -> table.outcome(c) != null);
      }
      var todo = new ConcurrentLinkedQueue<>(chosen());
      var running = new ArrayList<Future<?>>();
      for (FaultLane lane : lanes) {
        running.add(threads.submit(() -> work(lane, todo)));
      }
      Bench.await(running);
    } finally {
      lanes.forEach(FaultLane::close);
    }
    if (WRITE) {
      table.write(cells);
    }
    assertThat(failures).as(failures.size() + " failures").isEmpty();
  }

  /** Which calls there are is seen when nothing fails. */
  private void findCalls(FaultLane lane) throws IOException {
    for (Place place : Place.values()) {
      for (Action action : Action.values()) {
        ObjectNode event = lane.prepare(place, action);
        Ended ended = lane.job(event);
        assertThat(ended.code()).as(ended.said()).isZero();
        for (FaultyPart part : FaultyPart.values()) {
          if (Place.of(part) == place) {
            cells.addAll(FaultCell.of(part, action, lane.calls(part)));
          }
        }
        undisturbed.put(action + " " + place, lane.held());
      }
    }
  }

  private List<FaultCell> chosen() {
    String only = System.getProperty("failures.only");
    if (only != null) {
      return cells.stream()
          .filter(c -> (c.row() + c.action()).matches(".*" + only + ".*"))
          .toList();
    }
    if (LONG) {
      return cells;
    }
    long seed = Long.getLong("failures.seed", System.nanoTime() % 100_000);
    System.out.println("ChainPartsDownIT: -Dfailures.seed=" + seed);
    var shuffled = new ArrayList<>(cells);
    shuffled.removeIf(cell -> cell.kind() == FaultKind.SILENT);
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled.subList(0, SAMPLE);
  }

  private void work(FaultLane lane, Queue<FaultCell> todo) {
    for (FaultCell cell = todo.poll(); cell != null; cell = todo.poll()) {
      // A job that was ended by its limit was interrupted.
      Thread.interrupted();
      long begin = System.nanoTime();
      boolean byScript =
          !LONG && todo.size() % BY_SCRIPT == 0 && System.getProperty("failures.only") == null;
      String how = cell.row() + " " + cell.action() + (byScript ? " by the script" : "");
      try {
        String outcome = outcome(lane, cell, byScript);
        String known = table.outcome(cell);
        if (WRITE) {
          table.put(cell, outcome);
        } else if (!outcome.equals(known)) {
          failures.add(
              how + " ended as " + outcome + ", and not as docs/failures.md says: " + known);
        }
        how += " " + outcome;
      } catch (IOException | AssertionError | RuntimeException e) {
        failures.add(how + "\n" + e);
        how += " FAILED: " + e;
      }
      System.out.println(how + " " + (System.nanoTime() - begin) / 1_000_000 + " ms");
    }
  }

  private String outcome(FaultLane lane, FaultCell cell, boolean byScript) throws IOException {
    Place place = Place.of(cell.part());
    ObjectNode event = lane.prepare(place, cell.action());
    FaultProxy proxy = lane.proxy(cell.part());
    proxy.plan(cell.plan());
    long begin = System.nanoTime();
    Ended ended = byScript ? lane.script(event) : lane.job(event);
    if (cell.kind() == FaultKind.NOT_THERE || cell.kind() == FaultKind.SILENT) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(limit(cell));
    }
    assertThat(proxy.failed()).as("it came to the fault\n" + ended.complaints()).isPositive();
    String state = lane.state();
    lane.mend();
    if (ended.code() != 0) {
      assertSays(ended, proxy.authority());
      Ended again = lane.job(event);
      assertThat(again.code())
          .as("exit code of the same again\n" + ended.complaints() + "\n" + again.complaints())
          .isZero();
    }
    String wanted = String.valueOf(undisturbed.get(cell.action() + " " + place));
    String held = lane.held();
    // What the cache does not hold is read from the storage.
    assertThat(without(wanted, held))
        .filteredOn(line -> !line.startsWith("+ cache "))
        .as("what is missing\n" + ended.complaints())
        .isEmpty();
    assertThat(without(held, wanted)).as("what is too much\n" + ended.complaints()).isEmpty();
    return ended.code() == 0 ? "done" : ended.code() + ", " + state;
  }

  /** docs/exit-codes.md: two calls are waited for longer, a function also when it is taken back. */
  private static Duration limit(FaultCell cell) {
    if (cell.row().contains("T /system/functions`")) {
      return Duration.ofMinutes(7);
    }
    return cell.row().contains("PUT /blobs/uploads") ? LIMIT.plusMinutes(1) : LIMIT;
  }

  private static List<String> without(String one, String other) {
    var lines = new ArrayList<>(one.lines().toList());
    lines.removeAll(other.lines().toList());
    return lines;
  }

  /** Part or document, operation, answer and remedy; or, of a lie, what shows it. */
  private static void assertSays(Ended ended, String authority) {
    assertThat(ended.code()).as(ended.said()).isIn(1, 3);
    assertThat(ended.said())
        .containsPattern(
            "(%s[^ ]*|storage [A-Z_]+/[^ ]+): .+: .+\\. [A-Z]|still lists .+\\. [A-Z]"
                .formatted(authority))
        .doesNotContain("defect of the program", "Unexpected fault");
  }
}
