package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.openfaas.FaultyGateway.Fault;
import io.contractbuilder.redis.RedisServer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processor's page for people, as a browser shows it. */
@SuppressWarnings("NullAway.Init")
class StatusPageIT {
  private static final String CANARY = "c4n4ry";
  private static final String TOKEN = "t0ken-of-the-page";
  private static final String HOSTILE = "<img src=x onerror=\"document.title='taken'\">";

  private final String running = UUID.randomUUID().toString();
  private final String again = UUID.randomUUID().toString();
  private final int port = RedisServer.freePort();
  private ProcessorBench bench;
  private Path folder;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    bench = new ProcessorBench(folder);
    Files.writeString(folder.resolve("token"), TOKEN + "\n");
  }

  @AfterEach
  void stop() {
    if (bench != null) {
      bench.close();
    }
  }

  /** One task runs, one waits for it, one is tried again, two failed for good. */
  private void busy() throws IOException, InterruptedException {
    ObjectNode hostile = ProcessorBench.update(UUID.randomUUID().toString(), HOSTILE, "node");
    hostile.putObject("secrets").put("token", CANARY);
    bench.push(hostile);
    try (var chain = bench.server.client()) {
      chain.lpush(ProcessorBench.TASKS, "{\"auth\":\"" + CANARY + "\",");
    }
    bench.start(
        Map.of(
            "CONTRACT_BUILDER_LISTEN",
            "127.0.0.1:" + port,
            "CONTRACT_BUILDER_STATUS_TOKEN_FILE",
            folder.resolve("token").toString()),
        2);
    await("both failed", () -> bench.deadLetters() == 2);
    bench.push(bench.create(again, "again", "first").put("image", "127.0.0.1:1/away:1"));
    await(
        "one is tried again",
        () -> {
          try (var client = bench.server.client()) {
            return client.zcard("contract-builder:queue:delayed") == 1;
          }
        });
    bench.gateway.fail(Fault.HANG, "POST", "/system/functions", 1);
    bench.push(bench.create(running, "currency", "first"));
    bench.push(ProcessorBench.update(running, "currency", "second"));
    await(
        "its step is known",
        () -> {
          try (var client = bench.server.client()) {
            return client.keys("contract-builder:queue:steps:*").stream()
                .anyMatch(key -> client.hvals(key).contains("function"));
          }
        });
    await("the other one waits for a while", () -> pause() > 3000);
  }

  /** Milliseconds until a task is tried again; 0 if none is. */
  private double pause() {
    try (var client = bench.server.client()) {
      return client.zrangeWithScores("contract-builder:queue:delayed", 0, 0).stream()
          .mapToDouble(due -> due.getScore() - System.currentTimeMillis())
          .findFirst()
          .orElse(0);
    }
  }

  @Test
  void aBrowserShowsWhatIsGoingOn() throws IOException, InterruptedException {
    var browser = new Browser(folder);
    busy();
    String url = "http://anybody:" + TOKEN + "@127.0.0.1:" + port + "/";
    String dom = browser.dom(url);
    assertThat(dom)
        .contains("<title>Contract Builder: ready</title>")
        .contains("<dt>Running</dt><dd>1</dd>", "<dt>Failed for good</dt><dd>2</dd>")
        .contains(running, "<span class=\"step\">function</span>")
        .contains(again, "127.0.0.1:1")
        .contains("contract-builder queue retry 1", "contract-builder queue drop 2")
        .contains("&lt;img src=x onerror=")
        .doesNotContain("<img", CANARY, TOKEN);

    BufferedImage light = browser.picture(url, 1200, 1100, false);
    BufferedImage dark = browser.picture(url, 1200, 1100, true);
    BufferedImage narrow = browser.picture(url, 400, 1900, false);
    assertThat(Browser.colours(light)).as("colours, so that it is not blank").isGreaterThan(20);
    assertThat(Browser.colours(narrow)).isGreaterThan(20);
    assertThat(light.getRGB(2, 2) & 0xff).as("the ground by day").isGreaterThan(0xe0);
    assertThat(dark.getRGB(2, 2) & 0xff).as("the ground by night").isLessThan(0x40);
    onlyWhoKnowsTheTokenIsShownThePage();
  }

  /** While the processor runs. */
  private void onlyWhoKnowsTheTokenIsShownThePage() throws IOException, InterruptedException {
    assertThat(get("/", "").statusCode()).isEqualTo(401);
    assertThat(get("/", "").headers().firstValue("WWW-Authenticate").orElse(""))
        .startsWith("Basic ");
    assertThat(get("/", "Bearer " + TOKEN + "x").statusCode()).isEqualTo(401);
    HttpResponse<String> page = get("/", "Bearer " + TOKEN);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'; style-src 'sha256-");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(get("/?token=" + TOKEN, "").statusCode()).isEqualTo(401);

    Files.writeString(folder.resolve("token"), "another");
    assertThat(get("/", "Bearer " + TOKEN).statusCode()).as("it was changed").isEqualTo(401);
    Files.writeString(folder.resolve("token"), "\n");
    assertThat(get("/", "Bearer ").statusCode()).as("it is empty").isEqualTo(503);
    Files.delete(folder.resolve("token"));
    assertThat(get("/", "Bearer another").statusCode()).as("it is gone").isEqualTo(503);
    assertThat(get("/livez", "").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path, String authorization)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
