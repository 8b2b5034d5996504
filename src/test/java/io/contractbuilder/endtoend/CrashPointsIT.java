package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.CrashBench.Kill;
import io.contractbuilder.endtoend.Launched.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The program is killed, with SIGKILL, at each request of a job that changes anything: before its
 * part has it, and when it was carried out and the program has not heard of it. The same event
 * again must leave what a job that was left in peace leaves.
 *
 * <p>Which requests there are is found by running. {@code CONTRACT_BUILDER_VERIFY=long} tries all,
 * and pairs of them; else a few, which {@code -Dcrash.seed} repeats. {@code
 * target/crash-points.txt} tells of each.
 */
@NeedsRoot
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashPointsIT {
  private static final boolean LONG = "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY"));
  private static final int ACTIONS = 2;
  private static final Path TABLE = Path.of("target/crash-points.txt");
  private static final int PAIRS = 10;
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime() % 100_000);

  /** What is done to a contract in peace, and what is done then. */
  enum Action {
    CREATE,
    UPDATE_IMAGE,
    UPDATE_SECRETS,
    UPDATE_ENVIRONMENT,
    UPDATE_SCHEDULE,
    DELETE;

    ObjectNode event(CrashBench bench, Webserver webserver) throws IOException {
      return switch (this) {
        case CREATE -> create(webserver);
        case UPDATE_IMAGE ->
            webserver.update(event -> event.put("image", bench.customerImage("2")));
        case UPDATE_SECRETS ->
            webserver.update(
                event ->
                    event.set(
                        "secrets",
                        Webserver.object(Map.of("one", ChainCanaries.SECOND, "two", "2"))));
        case UPDATE_ENVIRONMENT ->
            webserver.update(event -> event.set("env", Webserver.object(Map.of("RATE", "4"))));
        case UPDATE_SCHEDULE -> webserver.update(event -> event.put("cron", "0 12 * * *"));
        case DELETE -> webserver.delete();
      };
    }

    static ObjectNode create(Webserver webserver) throws IOException {
      return webserver.create(
          event -> {
            event.put("seconds", 60);
            event.set("env", Webserver.object(Map.of("RATE", "3")));
            event.set("secrets", Webserver.object(Map.of("one", ChainCanaries.SECRET)));
          });
    }
  }

  private final Random random = new Random(SEED);
  private CrashBench bench;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException, InterruptedException {
    bench = new CrashBench(folder);
    Files.writeString(TABLE, "action | killed | the same again\n");
  }

  @AfterAll
  void stop() {
    if (bench != null) {
      bench.close();
    }
  }

  static List<Action> actions() {
    System.out.println("CrashPointsIT: -Dcrash.seed=" + SEED);
    var actions = new ArrayList<>(List.of(Action.values()));
    if (!LONG) {
      Collections.shuffle(actions, new Random(SEED));
    }
    return LONG ? actions : actions.subList(0, ACTIONS);
  }

  @ParameterizedTest
  @MethodSource("actions")
  void whereverAJobIsKilledTheSameAgainEndsAsOneThatWasLeftInPeace(Action action)
      throws IOException {
    ObjectNode event = prepared(action);
    bench.done(event);
    int requests = bench.requests().size();
    assertThat(requests).isGreaterThan(10);
    String undisturbed = bench.state();
    if (LONG) {
      for (int request = 1; request <= requests; request++) {
        killed(action, undisturbed, List.of(new Kill(request, true)));
        killed(action, undisturbed, List.of(new Kill(request, false)));
      }
      for (int pair = 0; pair < PAIRS; pair++) {
        killed(action, undisturbed, List.of(any(requests), any(requests / 2)));
      }
    } else {
      killed(action, undisturbed, List.of(any(requests)));
      killed(action, undisturbed, List.of(any(requests), any(requests / 2)));
    }
  }

  private Kill any(int requests) {
    return new Kill(1 + random.nextInt(requests), random.nextBoolean());
  }

  private ObjectNode prepared(Action action) throws IOException {
    Webserver webserver = bench.anew();
    if (action != Action.CREATE) {
      bench.done(Action.create(webserver));
      bench.state();
    }
    return action.event(bench, webserver);
  }

  private void killed(Action action, String undisturbed, List<Kill> kills) throws IOException {
    ObjectNode event = prepared(action);
    var points = new ArrayList<String>();
    for (Kill kill : kills) {
      String request = bench.killed(event, kill);
      points.add(
          request == null
              ? "(not reached)"
              : (kill.before() ? "before " : "after ") + kill.request() + " " + request);
    }
    Ended ended = bench.done(event);
    String row = action + " | " + String.join(" and ", points) + " | ";
    assertThat(bench.state()).as(row + ended.all()).isEqualTo(undisturbed);
    Files.writeString(TABLE, row + how(ended) + "\n", StandardOpenOption.APPEND);
  }

  private static String how(Ended ended) {
    if (ended.err().contains("going on where it was cut off")) {
      return "went on";
    }
    return ended.err().contains("\"step\"") ? "began anew" : "was done";
  }
}
