package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.ChainBench.User;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry script's process in a chain's place: paused, started twice, crashed. */
@NeedsRoot
class ChainProcessIT extends ChainTest {
  private static final String ID = "6d1c9a70-2f0b-4d37-8a11-90c2f7f4d3aa";
  private static final String LOCK = "contract-builder:lock:" + ID;

  /** It wakes into a world in which another did its job: it ends without one more effect. */
  @Test
  void aProcessThatWasPausedBeyondItsLeaseDoesNotOneThingMore() throws Exception {
    Map<String, String> event = create();
    bench.gateway.hang(request -> request.equals("POST /system/functions"));
    try (Launched paused = bench.start(Storage.DISK, User.ROOT, List.of("sh"), event)) {
      Bench.await(
          "it deploys the function",
          () -> bench.gateway.requests().contains("POST /system/functions"));
      signal(paused.process(), "STOP");
      // As long as the lease lasts, in no time.
      bench.redis.del(LOCK);
      bench.gateway.hang(request -> false);
      Ended other = bench.run(Storage.DISK, User.ROOT, event);
      assertThat(other.code()).as(other.all()).isZero();
      Canonical names = new Canonical();
      Map<String, String> left = ChainSnapshot.of(bench, Storage.DISK, ID, names);
      bench.gateway.forget();
      signal(paused.process(), "CONT");
      Ended ended = paused.ended();
      assertThat(ended.code()).as(ended.all()).isEqualTo(3);
      assertThat(ended.err()).contains("another job has it, or had it since");
      assertThat(bench.gateway.requests()).as(ended.all()).isEmpty();
      assertThat(ChainSnapshot.of(bench, Storage.DISK, ID, names)).isEqualTo(left);
    }
  }

  @Test
  void theSameTaskStartedTwiceAtOnceIsDoneOnce() throws Exception {
    Map<String, String> event = create();
    try (Launched one = bench.start(Storage.DISK, User.ROOT, List.of("sh"), event);
        Launched two = bench.start(Storage.DISK, User.ROOT, List.of("sh"), event)) {
      for (Ended ended : List.of(one.ended(), two.ended())) {
        assertThat(ended.code()).as(ended.all()).isZero();
      }
    }
    List<String> requests = bench.gateway.requests();
    assertThat(requests).containsOnlyOnce("POST /system/functions");
    assertThat(bench.redis.llen("dc:tx:incoming")).isEqualTo(1);
  }

  private Map<String, String> create() throws IOException {
    ObjectNode event = chain().create(fields -> {});
    return Map.of("EVENT", Json.text(event));
  }

  private Webserver chain() throws IOException {
    bench.gateway.hang(request -> false);
    bench.clear(Storage.DISK);
    var webserver = new Webserver(bench, Storage.DISK, ID, "watched");
    webserver.startChain();
    return webserver;
  }

  /** A crash file would hold the environment, and with it the event; a core or heap dump all. */
  @Test
  void aCrashedProcessLeavesNoFileAndTellsNoSecret(@TempDir Path folder) throws Exception {
    Webserver webserver = chain();
    bench.gateway.hang(request -> true);
    var canaries = new Canaries();
    canaries.add("secret", "cAnArY0of0a0crash");
    var environment = bench.environment(Storage.DISK);
    environment.put(
        "EVENT",
        Json.text(
            webserver.create(
                event ->
                    event.set("secrets", Webserver.object(Map.of("one", "cAnArY0of0a0crash"))))));
    String script = Launched.project().resolve("entrypoints/contract_job.sh").toString();
    List<String> command =
        List.of(
            "sh",
            "-c",
            "cd " + folder + " && { ulimit -c unlimited 2>/dev/null; exec sh " + script + "; }");
    try (Launched crashed = Launched.startCommand(command, environment)) {
      Bench.await("it asks the gateway", () -> !bench.gateway.requests().isEmpty());
      signal(crashed.process(), "SEGV");
      Ended ended = crashed.ended();
      assertThat(ended.code()).as(ended.all()).isNotZero();
      assertThat(ended.all()).contains("A fatal error has been detected");
      assertThat(canaries.in(ended.all())).isEmpty();
    }
    assertThat(folder).isEmptyDirectory();
    assertThat(canaries.below(bench.objects(Storage.DISK), file -> false)).isEmpty();
  }

  /** To the process and all that it started. */
  private static void signal(Process process, String signal)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("kill", "-" + signal, Long.toString(process.pid())));
    process.descendants().map(child -> Long.toString(child.pid())).forEach(command::add);
    Process kill = new ProcessBuilder(command).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }
}
