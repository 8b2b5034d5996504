package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.CrashBench.Kill;
import io.contractbuilder.endtoend.Launched.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program is killed, with SIGKILL, at each request of a job that changes anything: before its
 * part has it, and when it was carried out and the program has not heard of it; and, where it
 * stores on a disk, before each system call that changes the disk. The same event again must leave
 * what a job that was left in peace leaves.
 *
 * <p>Which requests and calls there are is found by running. {@code CONTRACT_BUILDER_VERIFY=long}
 * tries all, and pairs of them; else a few, which {@code -Dcrash.seed} repeats. {@code
 * -Dcrash.only} is a regular expression for actions with their storage, as {@code UPDATE_IMAGE S3}.
 * {@code target/crash-points.txt} tells of each.
 */
@NeedsRoot
class CrashPointsIT {
  private static final boolean LONG = "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY"));
  private static final Path TABLE = Path.of("target/crash-points.txt");
  private static final int PAIRS = 12;
  private static final int SAMPLE = 3;
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime() % 100_000);

  /** Each pushes to a registry of its own. */
  private static final List<String> REGISTRIES =
      List.of("PARTS_REGISTRY_V3_PLAIN", "PARTS_REGISTRY");

  @TempDir private Path folder;

  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** An action on a storage. */
  private record Place(CrashAction action, Storage storage) {
    @Override
    public String toString() {
      return action + " " + storage;
    }
  }

  @Test
  void whereverAJobIsKilledTheSameAgainEndsAsOneThatWasLeftInPeace() throws Exception {
    System.out.println("CrashPointsIT: -Dcrash.seed=" + SEED);
    // As the program finds them in its environment.
    System.setProperty("aws.accessKeyId", Bench.part("PARTS_S3_KEY_ID"));
    System.setProperty("aws.secretAccessKey", Bench.part("PARTS_S3_SECRET"));
    Files.writeString(TABLE, "action, storage | killed | the same again\n");
    var todo = new ConcurrentLinkedQueue<>(places());
    var lanes = new ArrayList<CrashBench>();
    try (var threads = Executors.newFixedThreadPool(REGISTRIES.size())) {
      var running = new ArrayList<Future<?>>();
      for (String registry : REGISTRIES) {
        var lane =
            new CrashBench(
                Files.createDirectory(folder.resolve(registry)),
                Bench.part(registry),
                UUID.randomUUID().toString());
        lanes.add(lane);
        running.add(threads.submit(() -> work(lane, todo)));
      }
      Bench.await(running);
    } finally {
      lanes.forEach(CrashBench::close);
    }
    assertThat(failures).as(failures.size() + " failures").isEmpty();
  }

  private static List<Place> places() {
    var places = new ArrayList<Place>();
    String only = System.getProperty("crash.only", "");
    for (Storage storage : Storage.values()) {
      for (CrashAction action : CrashAction.values()) {
        var place = new Place(action, storage);
        if (place.toString().matches(".*(" + only + ").*")) {
          places.add(place);
        }
      }
    }
    if (!LONG && only.isEmpty()) {
      Collections.shuffle(places, new Random(SEED));
      return places.subList(0, SAMPLE);
    }
    return places;
  }

  private void work(CrashBench bench, Queue<Place> todo) {
    for (Place place = todo.poll(); place != null; place = todo.poll()) {
      try {
        all(bench, place);
      } catch (IOException | AssertionError | RuntimeException e) {
        failures.add(place + "\n" + e);
      }
    }
  }

  private void all(CrashBench bench, Place place) throws IOException {
    ObjectNode event = place.action().prepared(bench, place.storage());
    bench.done(event);
    int requests = bench.requests().size();
    assertThat(requests).isGreaterThan(3);
    String undisturbed = bench.state();
    int calls = 0;
    if (place.storage() == Storage.DISK) {
      calls = bench.diskCalls(place.action().prepared(bench, place.storage())).size();
      assertThat(calls).isGreaterThan(20);
      assertThat(bench.state()).as(place + ", looked at").isEqualTo(undisturbed);
    }
    List<Kill> points = points(requests, calls);
    for (List<Kill> kills : chosen(points, new Random(SEED ^ place.toString().hashCode()))) {
      killed(bench, place, undisturbed, kills);
    }
  }

  private static List<Kill> points(int requests, int calls) {
    var points = new ArrayList<Kill>();
    for (int request = 1; request <= requests; request++) {
      points.add(new Kill.AtRequest(request, true));
      points.add(new Kill.AtRequest(request, false));
    }
    for (int call = 1; call <= calls; call++) {
      points.add(new Kill.AtDisk(call));
    }
    return points;
  }

  /** Once each, and pairs, of which the second is where the next run comes by, if it does. */
  private static List<List<Kill>> chosen(List<Kill> points, Random random) {
    var shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, random);
    var chosen = new ArrayList<List<Kill>>();
    for (int pair = 0; pair < (LONG ? PAIRS : 1); pair++) {
      Kill second = points.get(random.nextInt(points.size() / 2));
      chosen.add(List.of(shuffled.get(pair), second));
    }
    List<Kill> single = LONG ? points : shuffled.subList(0, 1);
    single.forEach(point -> chosen.add(List.of(point)));
    return chosen;
  }

  private void killed(CrashBench bench, Place place, String undisturbed, List<Kill> kills)
      throws IOException {
    var points = new ArrayList<String>();
    String row = place + " | " + kills + " | ";
    try {
      ObjectNode event = place.action().prepared(bench, place.storage());
      for (Kill kill : kills) {
        @Nullable String at = bench.killed(event, kill);
        points.add(at == null ? "(not reached)" : at);
      }
      Ended ended = bench.done(event);
      row = place + " | " + named(String.join(" and ", points)) + " | ";
      assertThat(bench.state()).as(row + ended.all()).isEqualTo(undisturbed);
      tell(row + how(ended));
    } catch (AssertionError | RuntimeException e) {
      failures.add(row + "\n" + e);
      System.out.println(row + e);
      tell(row + "FAILED");
    }
  }

  private static synchronized void tell(String row) throws IOException {
    System.out.println(row);
    Files.writeString(TABLE, row + "\n", StandardOpenOption.APPEND);
  }

  /** The same for each contract. */
  private static String named(String point) {
    return point
        .replaceAll("/chain-[0-9a-f]{8}", "")
        .replaceAll("SC_[A-Z]{12}", "(key id)")
        .replaceAll("sha256:[0-9a-f]{64}", "(digest)")
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "(id)")
        .replaceAll("uploads/\\S+", "uploads/(upload)");
  }

  private static String how(Ended ended) {
    if (ended.err().contains("going on where it was cut off")) {
      return "went on";
    }
    return ended.err().contains("\"step\"") ? "began anew" : "was done";
  }
}
