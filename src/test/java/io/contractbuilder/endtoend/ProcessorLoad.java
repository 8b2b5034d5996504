package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Contracts' tasks done by processes of which one is killed each second and started again. */
final class ProcessorLoad {
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(1);

  private final ProcessorBench bench;
  private final Size size;
  private final Random random;
  private final List<ContractStory> stories = new ArrayList<>();
  private final List<Launched> running = new ArrayList<>();

  /**
   * How large it is.
   *
   * @param kills at most; after a third and two thirds of them, or of the first thirty, Redis and
   *     the gateway are restarted
   * @param limit within which all has to be done
   */
  record Size(int contracts, int processes, int workers, int kills, Duration limit) {}

  /**
   * Makes up the tasks.
   *
   * @param seed repeats a run: what is deleted, in which order tasks come, which process is killed
   * @param deletions whether some of the contracts are deleted in the end
   */
  ProcessorLoad(ProcessorBench bench, Size size, long seed, boolean deletions) {
    this.bench = bench;
    this.size = size;
    random = new Random(seed);
    for (int i = 0; i < size.contracts(); i++) {
      stories.add(ContractStory.of(bench, "load-" + i, deletions && random.nextBoolean()));
    }
  }

  /** Those that are there in the end. */
  List<ContractStory> kept() {
    return stories.stream().filter(story -> !story.deleted()).toList();
  }

  /** Has all tasks done; says for people how long it took. */
  void run() throws IOException {
    push();
    long start = System.nanoTime();
    int kills = runKilled();
    double seconds = (System.nanoTime() - start) / 1e9;
    int tasks = stories.stream().mapToInt(story -> story.tasks().size()).sum();
    System.out.printf(
        Locale.ROOT,
        "ProcessorLoad: %d tasks, %d kills, %.1f s, %.2f tasks/s by %d processes of %d workers%n",
        tasks,
        kills,
        seconds,
        tasks / seconds,
        size.processes(),
        size.workers());
  }

  /** Nothing was lost, nothing done twice, and all is as the tasks imply. */
  void check() throws IOException {
    assertThat(bench.deadLetters()).as(bench.run("queue", "list").out()).isZero();
    Map<String, List<String>> ledgered = bench.ledgered();
    for (ContractStory story : stories) {
      assertThat(ledgered.get(story.type())).as(story.type()).isEqualTo(story.ledgered());
      story.checkDocument(bench.metadata(story.id()));
    }
    assertThat(ledgered).hasSize(stories.size());
    assertThat(bench.functions())
        .containsExactlyInAnyOrderElementsOf(
            kept().stream().map(story -> "contract-" + story.id()).toList());
    assertThat(bench.findings(stories.stream().map(ContractStory::id).toList())).isEmpty();
  }

  /** The contracts' tasks mixed, each contract's in their order. */
  private void push() {
    var turns = new ArrayList<ContractStory>();
    for (ContractStory story : stories) {
      turns.addAll(Collections.nCopies(story.tasks().size(), story));
    }
    Collections.shuffle(turns, random);
    var next = new TreeMap<String, Integer>();
    for (ContractStory story : turns) {
      bench.push(story.tasks().get(next.merge(story.id(), 1, Integer::sum) - 1));
    }
  }

  /** Starts them, kills one each second, and goes on until all is done. */
  private int runKilled() throws IOException {
    for (int i = 0; i < size.processes(); i++) {
      running.add(bench.start(Map.of(), size.workers()));
    }
    long end = System.nanoTime() + size.limit().toNanos();
    long nextKill = System.nanoTime() + 2 * BETWEEN_KILLS.toNanos();
    int kills = 0;
    while (!bench.isIdle()) {
      assertThat(System.nanoTime()).as("all is done within " + size.limit()).isLessThan(end);
      if (kills < size.kills() && System.nanoTime() > nextKill) {
        nextKill = System.nanoTime() + BETWEEN_KILLS.toNanos();
        killOne();
        disturb(++kills);
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return kills;
  }

  private void killOne() throws IOException {
    int which = random.nextInt(running.size());
    running.get(which).process().destroyForcibly();
    running.set(which, bench.start(Map.of(), size.workers()));
  }

  /** The parts crash, too. */
  private void disturb(int kills) throws IOException {
    int third = Math.clamp(size.kills() / 3, 1, 10);
    if (kills == third || kills == 2 * third) {
      bench.restartRedis();
    }
    if (kills == third + 1 || kills == 2 * third + 1) {
      bench.restartGateway();
    }
  }
}
