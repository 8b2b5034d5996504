package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway.Fault;
import io.contractbuilder.redis.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processor as a process: its signals, its status, its dead letters. */
@SuppressWarnings("NullAway.Init")
class ProcessorIT {
  private static final String CANARY = "c4n4ry";

  private final String id = UUID.randomUUID().toString();
  private ProcessorBench bench;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException, InterruptedException {
    bench = new ProcessorBench(folder);
  }

  @AfterEach
  void stop() {
    if (bench != null) {
      bench.close();
    }
  }

  private static void signal(Launched launched) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-TERM", Long.toString(launched.process().pid())).start().waitFor();
  }

  private void awaitDeployment() throws InterruptedException {
    await(
        "the function is deployed", () -> bench.gateway.calls().contains("POST /system/functions"));
  }

  private String state() {
    return state(id);
  }

  private String state(String contract) {
    var stored = bench.metadata(contract);
    return stored == null ? "" : stored.path("status").path("state").asText();
  }

  @Test
  void atASignalTheRunningTaskEndsAndNoOtherBegins() throws IOException, InterruptedException {
    var sent = new ConcurrentLinkedQueue<String>();
    HttpServer collector = collector(sent);
    bench.gateway.delay(java.time.Duration.ofSeconds(1), "POST", "/system/functions", 1);
    bench.push(bench.create(id, "currency", "first"));
    bench.push(ProcessorBench.update(id, "currency", "second"));
    String address = "http://127.0.0.1:" + collector.getAddress().getPort();
    Launched processor = bench.startByScript(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", address), 1);
    awaitDeployment();
    signal(processor);

    Ended ended = processor.ended();
    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(bench.ledgered()).containsExactly(Map.entry("currency", List.of("create first")));
    assertThat(state()).isEqualTo("active");
    assertThat(bench.isIdle()).as("the update waits").isFalse();
    try (var client = bench.server.client()) {
      assertThat(client.keys("contract-builder:queue:held:*")).isEmpty();
      assertThat(client.zcard("contract-builder:queue:workers")).isZero();
    }
    assertThat(sent).as("traces").anySatisfy(one -> assertThat(one).contains("step function"));
    collector.stop(0);
  }

  /** What OpenTelemetry's spans are sent to. */
  private static HttpServer collector(Queue<String> sent) throws IOException {
    var collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          sent.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    return collector;
  }

  @Test
  void whatDoesNotEndInTimeIsHandedBackAndDoneByTheNextOne()
      throws IOException, InterruptedException {
    bench.gateway.fail(Fault.HANG, "POST", "/system/functions", 1);
    bench.push(bench.create(id, "currency", "first"));
    Launched processor = bench.start(Map.of("CONTRACT_BUILDER_STOP_LIMIT", "1s"), 1);
    awaitDeployment();
    signal(processor);
    Ended ended = processor.ended();
    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(ended.err()).contains("handed back");
    assertThat(bench.isIdle()).isFalse();
    assertThat(bench.deadLetters()).isZero();

    Launched next = bench.start(Map.of(), 1);
    await("it is done", bench::isIdle);
    assertThat(state()).isEqualTo("active");
    assertThat(bench.ledgered()).containsExactly(Map.entry("currency", List.of("create first")));
    next.close();
  }

  @Test
  void aSecondSignalEndsItAtOnceAndAnotherTakesItsTaskUp()
      throws IOException, InterruptedException {
    bench.gateway.fail(Fault.HANG, "POST", "/system/functions", 1);
    bench.push(bench.create(id, "currency", "first"));
    Launched processor = bench.start(Map.of("CONTRACT_BUILDER_STOP_LIMIT", "1h"), 1);
    awaitDeployment();
    signal(processor);
    processor.awaitOnErr("Ending");
    signal(processor);
    assertThat(processor.ended().code()).isEqualTo(143);

    Launched next = bench.start(Map.of(), 1);
    await("it is done", bench::isIdle);
    assertThat(state()).isEqualTo("active");
    assertThat(bench.ledgered()).containsExactly(Map.entry("currency", List.of("create first")));
    next.close();
  }

  @Test
  void whatHangsIsStoppedAtItsLimitAndTriedAgainAfterTheOthers() throws IOException {
    String other = UUID.randomUUID().toString();
    bench.gateway.fail(Fault.HANG, "POST", "/system/functions", 1);
    try (var chain = bench.server.client()) {
      chain.lpush("mq:contract-pending", Json.text(bench.create(id, "currency", "first")));
    }
    bench.push(bench.create(other, "other", "first"));
    Launched processor = bench.start(Map.of("CONTRACT_BUILDER_TIMEOUT", "3s"), 1);
    processor.awaitOnErr("tried again in 5 s: It did not end within 3 s");
    await("the other one is done", () -> state(other).equals("active"));
    assertThat(bench.ledgered()).containsOnlyKeys("other");

    await("all is done", bench::isIdle);
    assertThat(state()).isEqualTo("active");
    assertThat(bench.ledgered())
        .containsExactly(
            Map.entry("currency", List.of("create first")),
            Map.entry("other", List.of("create first")));
    processor.close();
  }

  @Test
  void whatFailsForGoodIsADeadLetterAndTheStatusSaysSo() throws IOException, InterruptedException {
    int port = RedisServer.freePort();
    bench.push(bench.create(id, "currency", "first"));
    try (var chain = bench.server.client()) {
      chain.lpush(ProcessorBench.TASKS, "{\"auth\":\"" + CANARY + "\",");
    }
    ObjectNode wrong = ProcessorBench.update(id, "currency", "second").put("seconds", 99);
    wrong.putObject("secrets").put("token", CANARY);
    bench.push(wrong);
    String never = UUID.randomUUID().toString();
    bench.push(bench.create(never, "never", "first").put("seconds", 99));
    Launched processor = bench.start(Map.of("CONTRACT_BUILDER_LISTEN", "127.0.0.1:" + port), 2);
    await("all is settled", () -> bench.isIdle() && bench.deadLetters() == 3);
    assertThat(state()).as("an update that fails leaves it as it was").isEqualTo("active");
    assertThat(state(never)).isEqualTo("error");
    await("the gauge says so", () -> answer(port, "/metrics").contains("dead_letters 3"));

    assertThat(answer(port, "/livez")).isEqualTo("200 ok\n");
    assertThat(answer(port, "/readyz")).isEqualTo("200 ok\n");
    assertThat(answer(port, "/")).startsWith("404");
    String metrics = answer(port, "/metrics");
    assertThat(metrics)
        .contains(
            "contract_builder_tasks_total{action=\"create\",outcome=\"done\"} 1",
            "contract_builder_tasks_total{action=\"unknown\",outcome=\"dead_letter\"} 1",
            "contract_builder_tasks_total{action=\"create\",outcome=\"dead_letter\"} 1",
            "contract_builder_tasks_total{action=\"update\",outcome=\"dead_letter\"} 1",
            "contract_builder_step_duration_seconds_count{step=\"image\",end=\"done\"} 1",
            "contract_builder_processors 1",
            "contract_builder_queue_tasks{state=\"waiting\"} 0")
        .doesNotContain(id, CANARY);

    Ended list = bench.run("queue", "list");
    assertThat(list.out()).contains("$.seconds", id).doesNotContain(CANARY);
    String number =
        list.out()
            .lines()
            .filter(line -> line.contains(id))
            .findFirst()
            .orElseThrow()
            .strip()
            .split(" ", 2)[0];
    Ended shown = bench.run("queue", "show", number);
    assertThat(shown.out()).contains("\"token\" : \"***\"").doesNotContain(CANARY);
    assertThat(
            Json.read(shown.out().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .path("action")
                .asText())
        .isEqualTo("update");
    assertThat(bench.run("queue", "retry", number).code()).isZero();
    await("it failed again", () -> bench.isIdle() && bench.deadLetters() == 3);
    assertThat(bench.run("queue", "drop", number).code()).isZero();
    assertThat(bench.deadLetters()).isEqualTo(2);

    signal(processor);
    assertThat(processor.ended().all()).doesNotContain(CANARY);
  }

  private static String answer(int port, String path) {
    try (var client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
