package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.openfaas.FaultyGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks over contracts by two processors, one of which is killed each second and started again;
 * meanwhile Redis crashes and the gateway fails. {@code -Dprocessor.contracts}, {@code
 * -Dprocessor.kills} and {@code -Dprocessor.seed} change the size and repeat a run; {@code
 * bench/process} is the whole of it, {@code bench/scale} compares numbers of processes.
 */
class ProcessorLoadIT {
  private static final int CONTRACTS = Integer.getInteger("processor.contracts", 20);
  private static final int KILLS = Integer.getInteger("processor.kills", 12);

  /** After so many kills, and twice as many, the parts fail, too. */
  private static final int DISTURBED = Math.min(10, KILLS / 3);

  private static final int PROCESSES = Integer.getInteger("processor.processes", 2);
  private static final int WORKERS = Integer.getInteger("processor.workers", 2);

  /** Two equal ones are two tasks. */
  private static final List<String> UPDATES = List.of("step-1", "step-2", "step-2", "step-4");

  private static final Duration LIMIT =
      Duration.ofSeconds(Integer.getInteger("processor.limit", 240));

  private final long seed = Long.getLong("processor.seed", System.nanoTime() % 100_000);
  private final Random random = new Random(seed);

  @Test
  void nothingIsLostAndNothingDoneTwiceWhileProcessesAreKilled(@TempDir Path folder)
      throws IOException, InterruptedException {
    System.out.println("ProcessorLoadIT: -Dprocessor.seed=" + seed);
    try (var bench = new ProcessorBench(folder)) {
      var contracts = new TreeMap<String, Story>();
      for (int i = 0; i < CONTRACTS; i++) {
        String type = "load-" + i;
        contracts.put(type, story(bench, type));
      }
      push(bench, contracts.values());
      long start = System.nanoTime();
      int kills = run(bench);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      System.out.println(
          "ProcessorLoadIT: "
              + 5 * CONTRACTS
              + " tasks, "
              + kills
              + " kills, "
              + took.toMillis() / 1000.0
              + " s by "
              + PROCESSES
              + " processes of "
              + WORKERS
              + " workers");

      assertThat(bench.deadLetters()).as(bench.run("queue", "list").out()).isZero();
      Map<String, List<String>> ledgered = bench.ledgered();
      for (Map.Entry<String, Story> contract : contracts.entrySet()) {
        assertThat(ledgered.get(contract.getKey()))
            .as(contract.getKey())
            .isEqualTo(contract.getValue().ledgered());
        contract.getValue().check(bench.metadata(contract.getValue().id()));
      }
      assertThat(ledgered).hasSize(CONTRACTS);
      assertThat(bench.functions())
          .containsExactlyInAnyOrderElementsOf(
              contracts.values().stream()
                  .filter(story -> !story.deleted())
                  .map(story -> "contract-" + story.id())
                  .toList());
    }
  }

  /** Starts them, kills one each second, and goes on until all is done. */
  private int run(ProcessorBench bench) throws IOException {
    var running = new ArrayList<Launched>();
    for (int i = 0; i < PROCESSES; i++) {
      running.add(bench.start(Map.of(), WORKERS));
    }
    long end = System.nanoTime() + LIMIT.toNanos();
    long nextKill = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    int kills = 0;
    while (!bench.isIdle()) {
      assertThat(System.nanoTime()).as("all is done within " + LIMIT).isLessThan(end);
      if (kills < KILLS && System.nanoTime() > nextKill) {
        int which = random.nextInt(running.size());
        running.get(which).process().destroyForcibly();
        running.set(which, bench.start(Map.of(), WORKERS));
        kills++;
        if (kills == DISTURBED || kills == 2 * DISTURBED) {
          disturb(bench);
        }
        nextKill = System.nanoTime() + Duration.ofSeconds(1).toNanos();
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return kills;
  }

  /** Redis crashes and comes back, and the gateway is away for some calls. */
  private static void disturb(ProcessorBench bench) {
    bench.server.stop();
    LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    bench.server.start();
    for (String method : List.of("POST", "PUT", "GET", "DELETE")) {
      bench.gateway.fail(FaultyGateway.Fault.STATUS_502, method, "/", 3);
    }
  }

  /** The contracts' tasks mixed, each contract's in their order. */
  private void push(ProcessorBench bench, Iterable<Story> stories) {
    var turns = new ArrayList<Story>();
    for (Story story : stories) {
      turns.addAll(Collections.nCopies(story.tasks().size(), story));
    }
    Collections.shuffle(turns, random);
    var next = new TreeMap<String, Integer>();
    for (Story story : turns) {
      bench.push(story.tasks().get(next.merge(story.id(), 1, Integer::sum) - 1));
    }
  }

  private Story story(ProcessorBench bench, String type) {
    String id = UUID.randomUUID().toString();
    var tasks = new ArrayList<ObjectNode>();
    var ledgered = new ArrayList<String>();
    tasks.add(bench.create(id, type, "first"));
    ledgered.add("create first");
    boolean deleted = random.nextBoolean();
    for (String command : deleted ? UPDATES.subList(0, 3) : UPDATES) {
      tasks.add(ProcessorBench.update(id, type, command));
      ledgered.add("update " + command);
    }
    if (deleted) {
      ObjectNode delete = ProcessorBench.task("delete", id, type);
      tasks.add(delete.put("cmd", "step-2"));
      ledgered.add("delete step-2");
    }
    return new Story(id, tasks, ledgered, deleted);
  }

  private record Story(String id, List<ObjectNode> tasks, List<String> ledgered, boolean deleted) {
    void check(@org.jspecify.annotations.Nullable JsonNode stored) {
      if (deleted) {
        assertThat(stored).as(id).isNull();
      } else {
        assertThat(stored).as(id).isNotNull();
        assertThat(stored.path("status").path("state").asText()).as(id).isEqualTo("active");
        assertThat(stored.path("cmd").asText()).as(id).isEqualTo("step-4");
      }
    }
  }
}
