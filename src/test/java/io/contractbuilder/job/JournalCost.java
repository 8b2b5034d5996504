package io.contractbuilder.job;

import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.disk.DiskObjectStore;
import io.contractbuilder.storage.s3.S3Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the journal costs an action: {@code bench/journal}. Storage is real, every other part in
 * memory; without it means that the journal alone is in memory, too.
 */
final class JournalCost {
  /** Counts the requests, and keeps the journal elsewhere if that is wanted. */
  private static final class Storage implements ObjectStore {
    private final ObjectStore real;
    private final @Nullable Map<String, byte[]> journals;
    private int requests;

    Storage(ObjectStore real, boolean withJournal) {
      this.real = real;
      this.journals = withJournal ? null : new HashMap<>();
    }

    private @Nullable Map<String, byte[]> memory(String key) {
      boolean kept = journals != null && key.startsWith(Journals.PREFIX);
      requests += kept ? 0 : 1;
      return kept ? journals : null;
    }

    @Override
    public byte @Nullable [] get(String key) {
      var memory = memory(key);
      return memory == null ? real.get(key) : memory.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
      var memory = memory(key);
      if (memory == null) {
        real.put(key, value);
      } else {
        memory.put(key, value);
      }
    }

    @Override
    public boolean delete(String key) {
      var memory = memory(key);
      return memory == null ? real.delete(key) : memory.remove(key) != null;
    }

    @Override
    public List<String> list(String prefix) {
      var memory = memory(prefix);
      return memory == null ? real.list(prefix) : List.copyOf(memory.keySet());
    }

    @Override
    public List<String> children(String prefix) {
      return real.children(prefix);
    }
  }

  private record Action(String name, Supplier<ContractTask> task) {}

  private static final List<Action> ACTIONS =
      List.of(
          new Action("create", Tasks::create),
          new Action("update", () -> Tasks.update().env("RATE", UUID.randomUUID() + "").task()),
          new Action("delete", Tasks::delete));

  private JournalCost() {}

  /**
   * Prints a table.
   *
   * @param arguments a folder for the storage on disk; how often each action is done
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    System.out.println("| storage | action | requests, without | ms, without |\n|---|---|---|---|");
    try (var s3 = S3Part.emptyBucket()) {
      measure("disk", new DiskObjectStore(folder), rounds);
      measure("S3", s3, rounds);
    }
  }

  private static void measure(String name, ObjectStore real, int rounds) {
    // In turn, so that both have the same machine; what came first made the classes warm.
    var times = new HashMap<String, long[]>();
    var requests = new HashMap<String, Integer>();
    for (int round = -rounds / 2; round < rounds; round++) {
      for (boolean with : List.of(true, false)) {
        var storage = new Storage(real, with);
        var world = new World(storage);
        for (Action action : ACTIONS) {
          String key = action.name() + with;
          int before = storage.requests;
          long begin = System.nanoTime();
          Outcome outcome = world.run(action.task().get(), "task " + round + key);
          long took = System.nanoTime() - begin;
          if (!(outcome instanceof Outcome.Done)) {
            throw new IllegalStateException(outcome.toString());
          }
          requests.put(key, storage.requests - before);
          if (round >= 0) {
            times.computeIfAbsent(key, _ -> new long[rounds])[round] = took;
          }
        }
        real.list(Journals.PREFIX).forEach(real::delete);
      }
    }
    for (Action action : ACTIONS) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %d, %d | %.1f, %.1f |%n",
          name,
          action.name(),
          requests.get(action.name() + true),
          requests.get(action.name() + false),
          middle(times.get(action.name() + true)),
          middle(times.get(action.name() + false)));
    }
  }

  private static double middle(long @Nullable [] nanos) {
    if (nanos == null) {
      throw new IllegalArgumentException("nothing was measured");
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 1e6;
  }
}
