package io.contractbuilder.local.functions;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls contracts at their times: each file of the folder is a running schedule. The folder is
 * looked at once a second. A serial contract whose last call still runs is skipped.
 */
public final class ScheduleRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduleRunner.class);
  private static final int MOST_AT_ONCE = 8;

  /** Calls a function. */
  public interface Caller {
    /** Calls with {@code POST}; the status, null if there was no answer. */
    @Nullable Integer invoke(String function) throws InterruptedException;
  }

  private record Entry(
      String text, Schedule schedule, int most, @Nullable Instant due, AtomicInteger running) {}

  private final Path folder;
  private final Caller caller;
  private final Functions functions;
  private final InstantSource clock;
  private final ExecutorService pool;
  private final Thread thread;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, String> bad = new HashMap<>();
  private boolean closing;

  /**
   * @param folder of {@code <contract id>.json} files; need not exist
   * @param pool takes the calls
   */
  public ScheduleRunner(
      Path folder, Caller caller, Functions functions, InstantSource clock, ExecutorService pool) {
    this.folder = folder;
    this.caller = caller;
    this.functions = functions;
    this.clock = clock;
    this.pool = pool;
    this.thread = new Thread(this::run, "schedules");
  }

  /** Begins to look at the folder. */
  public void start() {
    thread.start();
  }

  private synchronized void run() {
    while (!closing) {
      try {
        read();
      } catch (IOException e) {
        LOG.warn("schedules in {} cannot be read", folder, e);
      }
      callDue(clock.instant());
      try {
        wait(untilNext());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private long untilNext() {
    Instant now = clock.instant();
    return entries.values().stream()
        .map(Entry::due)
        .filter(java.util.Objects::nonNull)
        .mapToLong(due -> Math.max(1, Duration.between(now, due).toMillis()))
        .reduce(1000, Math::min);
  }

  /** Takes up files that are new or changed, and drops those that are gone. */
  void read() throws IOException {
    Set<String> found = new HashSet<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
        for (Path file : files) {
          String id = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
          if (ContractId.isValid(id)) {
            found.add(id);
            take(id, file);
          }
        }
      }
    }
    entries.keySet().retainAll(found);
    bad.keySet().retainAll(found);
  }

  private void take(String id, Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return;
    }
    Entry old = entries.get(id);
    if ((old != null && old.text().equals(text)) || text.equals(bad.get(id))) {
      return;
    }
    try {
      JsonNode node = Json.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      Schedule schedule =
          node.path("seconds").isInt()
              ? new Schedule.Every(node.path("seconds").asInt())
              : new Schedule.Cron(CronExpression.parse(node.path("cron").asText("")));
      boolean serial = node.path("execution_order").asText("").equals("serial");
      AtomicInteger running = old == null ? new AtomicInteger() : old.running();
      Instant due = schedule.next(clock.instant());
      entries.put(id, new Entry(text, schedule, serial ? 1 : MOST_AT_ONCE, due, running));
      bad.remove(id);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("schedule {} cannot be understood", file, e);
      entries.remove(id);
      bad.put(id, text);
    }
  }

  private void callDue(Instant now) {
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry e = each.getValue();
      if (e.due() == null || e.due().isAfter(now)) {
        continue;
      }
      // Times that were missed are not made up for.
      Instant next = e.schedule().next(e.due());
      Instant due = next == null || next.isAfter(now) ? next : e.schedule().next(now);
      each.setValue(new Entry(e.text(), e.schedule(), e.most(), due, e.running()));
      call(new ContractId(each.getKey()).functionName(), e);
    }
  }

  private void call(String function, Entry e) {
    if (e.running().incrementAndGet() > e.most()) {
      e.running().decrementAndGet();
      note(function, "schedule: skipped, an earlier call still runs");
      return;
    }
    pool.execute(
        () -> {
          long from = System.nanoTime();
          try {
            Integer status = caller.invoke(function);
            long millis = (System.nanoTime() - from) / 1_000_000;
            note(
                function,
                "schedule: "
                    + (status == null ? "no answer" : "status " + status)
                    + " after "
                    + millis
                    + " ms");
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          } finally {
            e.running().decrementAndGet();
          }
        });
  }

  private void note(String function, String text) {
    FunctionLog log = functions.log(function);
    if (log != null) {
      log.add("schedule", text);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
