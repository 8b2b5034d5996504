package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** What a processor's process takes, idle and beside what is large; {@code bench/processor}. */
@EnabledIfEnvironmentVariable(
    named = "CONTRACT_BUILDER_VERIFY",
    matches = "long",
    disabledReason = "it measures for minutes: ./verify --long, or bench/processor")
@SuppressWarnings("NullAway.Init")
class ProcessorSizeIT {
  private static final int QUEUE = Integer.getInteger("processor.queue", 100_000);
  private static final int KNOWN = Integer.getInteger("processor.known", 10_000);
  private static final int IDLE_SECONDS = Integer.getInteger("processor.idle", 60);

  /** Of creates and updates that are measured; each is of a contract of its own. */
  private static final int MEASURED = 100;

  private static final double TICKS = 100; // a second, on every Linux that has /proc

  @TempDir private Path folder;
  private ProcessorBench bench;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    bench = new ProcessorBench(folder);
  }

  @AfterEach
  void stop() {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void idleItTakesLessThanHalfAPercentOfACoreAnd160Megabytes() throws Exception {
    Launched processor = bench.start(Map.of(), 4);
    doOne(UUID.randomUUID().toString());
    // What a start and a task leave to be done.
    Thread.sleep(Duration.ofSeconds(5));
    double before = seconds(processor);
    Thread.sleep(Duration.ofSeconds(IDLE_SECONDS));
    double share = (seconds(processor) - before) / IDLE_SECONDS;
    double peak = megabytes(processor, "VmHWM");
    System.out.printf(
        Locale.ROOT,
        "ProcessorSize: idle: %.2f %% of a core, %.0f MB at most%n",
        share * 100,
        peak);
    assertThat(share).isLessThan(0.005);
    assertThat(peak).isLessThan(160);
  }

  @Test
  void aLargeQueueNeitherDelaysAStartNorTakesMemory() throws Exception {
    double small = withWaiting(QUEUE / 100);
    double large = withWaiting(QUEUE);
    assertThat(large).isLessThan(small + 30);
  }

  /** The process's memory when all of so many tasks are taken in and some are done, in MB. */
  private double withWaiting(int tasks) throws Exception {
    bench.server.clear();
    pushMany(tasks);
    long begun = System.nanoTime();
    Launched processor = bench.start(Map.of(), 2);
    try (var client = bench.server.client()) {
      await("the first is done", () -> client.llen("dc:tx:incoming") > 0);
      Duration first = Duration.ofNanos(System.nanoTime() - begun);
      await("all are taken in", () -> client.llen(ProcessorBench.TASKS) == 0);
      Duration all = Duration.ofNanos(System.nanoTime() - begun);
      await("fifty are done", () -> client.llen("dc:tx:incoming") > 50);
      double memory = megabytes(processor, "VmHWM");
      System.out.printf(
          Locale.ROOT,
          "ProcessorSize: %d tasks wait: after a launch the first is done in %.1f s, all are"
              + " taken in within %.1f s, %.0f MB at most%n",
          tasks,
          first.toMillis() / 1000.0,
          all.toMillis() / 1000.0,
          memory);
      assertThat(first).isLessThan(Duration.ofSeconds(5));
      return memory;
    } finally {
      processor.process().destroyForcibly();
    }
  }

  private void pushMany(int tasks) {
    String event = Json.text(bench.create("ID", "TYPE", "/bin/answer first"));
    try (var client = bench.server.client()) {
      for (int i = 0; i < tasks; i += 1000) {
        var pipeline = client.pipelined();
        for (int j = i; j < Math.min(tasks, i + 1000); j++) {
          String one = event.replace("ID", UUID.randomUUID().toString());
          pipeline.lpush(ProcessorBench.TASKS, one.replace("TYPE", "waits-" + tasks + "-" + j));
        }
        pipeline.sync();
      }
    }
  }

  @Test
  void tasksTakeAsLongWhereManyContractsAreKnown() throws Exception {
    bench.start(Map.of(), 2);
    String first = UUID.randomUUID().toString();
    doOne(first);
    measured("warm-up");
    know(first, 10);
    double few = measured("10");
    know(first, KNOWN);
    double many = measured(Integer.toString(KNOWN));
    assertThat(many).isGreaterThan(few * 0.7);
  }

  /** Tasks a second for creates and then updates of new contracts. */
  private double measured(String known) {
    long begun = System.nanoTime();
    for (int i = 0; i < MEASURED / 2; i++) {
      String id = UUID.randomUUID().toString();
      String type = "measured-" + known + "-" + i;
      bench.push(bench.create(id, type, "/bin/answer first"));
      bench.push(ProcessorBench.update(id, type, "/bin/answer second"));
    }
    await("all are done", bench::isIdle);
    double rate = MEASURED / ((System.nanoTime() - begun) / 1e9);
    System.out.printf(
        Locale.ROOT,
        "ProcessorSize: %s contracts are known: %.2f tasks/s by one process of 2 workers%n",
        known,
        rate);
    assertThat(bench.deadLetters()).isZero();
    return rate;
  }

  /** Lets the storage and the gateway hold so many more contracts, each as the first one. */
  private void know(String first, int count) throws Exception {
    Path contracts = folder.resolve("storage/SMARTCONTRACT");
    String metadata = Files.readString(contracts.resolve(first + "/metadata.json"));
    String spec = Files.readString(contracts.resolve(first + "/faas_spec.json"));
    var deployed = (ObjectNode) Json.read(spec.getBytes(StandardCharsets.UTF_8));
    deployed.putArray("secrets");
    String withoutSecrets = Json.text(deployed);
    try (var client = HttpClient.newHttpClient()) {
      for (int i = 0; i < count; i++) {
        String id = UUID.randomUUID().toString();
        String name = "\"known-" + count + "-" + i + '"';
        Path contract = Files.createDirectory(contracts.resolve(id));
        String known = metadata.replace(first, id).replace("\"one\"", name);
        Files.writeString(contract.resolve("metadata.json"), known);
        Files.writeString(contract.resolve("faas_spec.json"), spec.replace(first, id));
        bench.deploy(client, withoutSecrets.replace(first, id));
      }
    }
  }

  private void doOne(String id) throws IOException {
    bench.push(bench.create(id, "one", "/bin/answer first"));
    await("it is done", bench::isIdle);
    JsonNode stored = bench.metadata(id);
    assertThat(stored).isNotNull();
    assertThat(stored.at("/status/state").asText()).isEqualTo("active");
  }

  /** The processor's time that it took so far. */
  private static double seconds(Launched launched) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + launched.process().pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  private static double megabytes(Launched launched, String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + launched.process().pid() + "/status")).stream()
            .filter(line -> line.startsWith(field))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        / 1000.0;
  }
}
