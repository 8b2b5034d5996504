package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.ChainBench.User;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import io.contractbuilder.scheduler.redis.ChainScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One contract's life in an empty chain, event by event, with all that each leaves behind; compared
 * with {@code src/test/resources/chain/NAME.txt}, which {@code -Dchain.write=true} writes.
 */
final class ChainScenario {
  private static final Path GOLDEN = Path.of("src/test/resources/chain");

  final String id = UUID.randomUUID().toString();
  final Webserver webserver;
  private final ChainBench bench;
  private final Storage storage;
  private final User user;
  private final Canonical canonical = new Canonical();
  private final ChainScheduler scheduler;
  private final StringBuilder story = new StringBuilder();
  private final StringBuilder said = new StringBuilder();

  ChainScenario(ChainBench bench, Storage storage, User user, String type) throws IOException {
    this.bench = bench;
    this.storage = storage;
    this.user = user;
    this.webserver = new Webserver(bench, storage, id, type);
    this.scheduler = new ChainScheduler(bench.redis);
    canonical.name(id, "<id>");
    canonical.name(bench.registry, "<registry>");
    canonical.name(bench.gateway.authority(), "<gateway>");
    canonical.name(bench.images, "<images>");
    refuseAtTheGateway("nothing");
    bench.clear(storage);
    webserver.startChain();
  }

  ChainScenario create(Consumer<ObjectNode> fields) throws IOException {
    return run("create", webserver.create(fields));
  }

  ChainScenario update(Consumer<ObjectNode> fields) throws IOException {
    return run("update", webserver.update(fields));
  }

  ChainScenario delete() throws IOException {
    return run("delete", webserver.delete());
  }

  /** Runs an event and writes down what has changed. */
  ChainScenario run(String what, ObjectNode event) throws IOException {
    String text = Json.text(event);
    // The scheduler takes all of it, or it would have stopped.
    scheduler.carryOutAll();
    bench.gateway.forget();
    Map<String, String> before = snapshot();
    Ended ended = bench.run(storage, user, Map.of("EVENT", text));
    said.append(ended.all());
    story.append("==== ").append(what).append("\n").append(canonical.text(text));
    story.append("\nexit code ").append(ended.code()).append('\n').append(calls());
    story.append(ChainSnapshot.changes(before, snapshot(), canonical));
    scheduler.carryOutAll();
    ownedByTheChain();
    return this;
  }

  private Map<String, String> snapshot() throws IOException {
    return ChainSnapshot.of(bench, storage, id, canonical);
  }

  private String calls() {
    var lines = new StringBuilder();
    String last = "";
    for (CountingProxy.Call call : bench.gateway.calls()) {
      // How often it has to ask until a function is ready differs.
      if (!call.request().startsWith("GET ") || !call.request().equals(last)) {
        lines.append("> ").append(call.request()).append(" -> ").append(call.status()).append("\n");
        lines.append(call.body().isEmpty() ? "" : "    " + call.body() + "\n");
      }
      last = call.request();
    }
    return canonical.text(lines.toString());
  }

  /** A call of the function as the chain's invoker makes it; it has to answer. */
  JsonNode invoke(String input) throws IOException {
    byte[] answer = bench.platformAnswer("POST", "/function/contract-" + id, input);
    assertThat(ChainSnapshot.text(answer)).as(said.toString()).startsWith("{");
    return Json.read(answer);
  }

  /** The function runs, with this in its environment. */
  ChainScenario answersWith(String variable, String value) throws IOException {
    JsonNode answer = invoke("hello");
    assertThat(answer.path("stdin").asText()).isEqualTo("hello");
    assertThat(answer.path("env").path(variable).asText()).as(answer.toString()).isEqualTo(value);
    return this;
  }

  /** Requests that begin so get a 503 from now on. */
  void refuseAtTheGateway(String beginning) {
    bench.gateway.refuse(request -> request.startsWith(beginning));
  }

  /** The customer's image with a tag. */
  String customerImage(String tag) {
    return bench.customerImage(tag);
  }

  /** The webserver's user must be able to overwrite everything. */
  private void ownedByTheChain() throws IOException {
    if (storage == Storage.DISK) {
      try (var paths = Files.walk(bench.objects(storage))) {
        for (Path path : paths.toList()) {
          assertThat(Files.getAttribute(path, "unix:uid")).as(path.toString()).isEqualTo(1000);
        }
      }
    }
  }

  /** Compares the whole story. */
  void isAsIn(String name) throws IOException {
    Path golden = GOLDEN.resolve(name + ".txt");
    if (Boolean.getBoolean("chain.write") && storage == Storage.DISK && user == User.ROOT) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, story);
    }
    assertThat(comparable(story.toString()))
        .as(said.toString())
        .isEqualTo(comparable(Files.readString(golden)));
  }

  /** Which calls a provider needs, and what it answers, is its own affair. */
  private static String comparable(String story) {
    return TestedGateway.isReal() ? story.replaceAll("(?m)^> .*\\n( .*\\n)*", "") : story;
  }
}
