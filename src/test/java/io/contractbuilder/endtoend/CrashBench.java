package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.app.InProcess;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chain that the program reaches over wires, so that every request that changes anything is seen,
 * and the program can be killed at it, or at a change of the disk that it stores on.
 */
final class CrashBench implements AutoCloseable {
  /** Of the program, with SIGKILL. */
  sealed interface Kill {
    /**
     * At a request to a part.
     *
     * @param number from 1
     * @param before its part has it, or when it was carried out and the program has not heard of it
     */
    record AtRequest(int number, boolean before) implements Kill {}

    /**
     * Before a system call that changes the storage's folder.
     *
     * @param number from 1
     */
    record AtDisk(int number) implements Kill {}
  }

  private static final int KILLED = 128 + 9;

  private final String id;
  private final Map<Storage, Map<String, String>> environments = new HashMap<>();
  private final List<WireTap> wires = new ArrayList<>();
  private final ChainBench bench;
  private final ChainCanaries canaries;
  private final CrashState state;
  private final Path calls;
  private Storage storage = Storage.S3;

  // Guarded by this.
  private final List<WireTap.Request> requests = new ArrayList<>();
  private Kill.@Nullable AtRequest kill;
  private @Nullable Process victim;

  /**
   * Starts its parts.
   *
   * @param folder empty
   * @param registry that nobody else pushes contracts to
   * @param id the contract's
   */
  CrashBench(Path folder, String registry, String id) throws IOException, InterruptedException {
    this.id = id;
    bench = new ChainBench(folder, PrivateRegistry.plain(wire("registry", registry)));
    canaries = new ChainCanaries(bench);
    state = new CrashState(bench, id);
    calls = folder.resolve("calls");
    Map<String, String> wired = new HashMap<>();
    Map<String, String> known = bench.environment(Storage.S3);
    for (String server : List.of("REDIS_ENDPOINT", "LRU_REDIS_ENDPOINT", "REDISEARCH_ENDPOINT")) {
      String name = server.substring(0, server.indexOf('_')).toLowerCase(Locale.ROOT);
      wired.put(server, wire(name, String.valueOf(known.get(server))));
    }
    for (String url : List.of("FAAS_GATEWAY", "CONTRACT_BUILDER_S3_ENDPOINT")) {
      String name = url.startsWith("FAAS") ? "gateway" : "storage";
      String target = URI.create(String.valueOf(known.get(url))).getAuthority();
      wired.put(url, "http://" + wire(name, target));
    }
    for (Storage one : Storage.values()) {
      var environment = bench.environment(one);
      wired.forEach((key, value) -> environment.computeIfPresent(key, (_, _) -> value));
      environments.put(one, environment);
    }
  }

  private String wire(String name, String target) throws IOException {
    var wire = new WireTap(name, target, new Killer());
    wires.add(wire);
    return wire.authority();
  }

  /** Empties the chain and starts it anew; answers what does the webserver's work. */
  Webserver anew(Storage on) throws IOException {
    forgetRequests(null);
    storage = on;
    state.clear(storage);
    var webserver = new Webserver(bench, storage, id, "crashing");
    webserver.startChain();
    return webserver;
  }

  /** The customer's image with a tag. */
  String customerImage(String tag) {
    return bench.customerImage(tag);
  }

  /** Does an event in peace and in this process, which is faster: what comes before a test. */
  void prepare(ObjectNode event) throws IOException {
    InProcess.Ended ended = InProcess.job(environment(event));
    assertThat(ended.code()).as(ended.said()).isZero();
    state();
  }

  /** Runs an event to its end, which has to be a good one. */
  Ended done(ObjectNode event) throws IOException {
    forgetRequests(null);
    return done(start(event, List.of()));
  }

  private Ended done(Launched started) throws IOException {
    try (Launched launched = started) {
      Ended ended = launched.ended();
      assertThat(ended.code()).as(ended.all()).isZero();
      canaries.assertInPlace(storage, ended.all());
      return ended;
    }
  }

  /** Does an event; answers what it changes on the disk, in its order. */
  List<String> diskCalls(ObjectNode event) throws IOException {
    forgetRequests(null);
    done(start(event, watched(0)));
    return Files.readAllLines(calls);
  }

  private List<String> watched(int killedAt) {
    return List.of(
        part("PARTS_BIN") + "/killat",
        bench.objects(storage).toString(),
        calls.toString(),
        Integer.toString(killedAt));
  }

  /** Runs an event and kills the program; answers where; null if it never came there. */
  @Nullable String killed(ObjectNode event, Kill at) throws IOException {
    return switch (at) {
      case Kill.AtRequest request -> killedAtRequest(event, request);
      case Kill.AtDisk disk -> {
        forgetRequests(null);
        int code = mayBeKilled(start(event, watched(disk.number())));
        List<String> seen = Files.readAllLines(calls);
        yield code == 0 ? null : "before " + disk.number() + " disk: " + seen.getLast();
      }
    };
  }

  private @Nullable String killedAtRequest(ObjectNode event, Kill.AtRequest at) throws IOException {
    Launched started;
    synchronized (this) {
      forgetRequests(at);
      started = start(event, List.of());
      victim = started.process();
    }
    int code = mayBeKilled(started);
    synchronized (this) {
      assertThat(code).isEqualTo(victim == null ? KILLED : 0);
      return victim == null
          ? (at.before() ? "before " : "after ") + at.number() + " " + requests.get(at.number() - 1)
          : null;
    }
  }

  private int mayBeKilled(Launched started) throws IOException {
    try (Launched launched = started) {
      Ended ended = launched.ended();
      // As if its lease had ended.
      bench.redis.del("contract-builder:lock:" + id);
      canaries.assertInPlace(storage, ended.all());
      assertThat(ended.code()).as(ended.all()).isIn(0, KILLED);
      return ended.code();
    }
  }

  private synchronized void forgetRequests(Kill.@Nullable AtRequest next) {
    requests.clear();
    kill = next;
    victim = null;
  }

  private Launched start(ObjectNode event, List<String> starter) throws IOException {
    var command = new ArrayList<>(starter);
    command.add("sh");
    command.add(Launched.project().resolve("entrypoints/contract_job.sh").toString());
    return Launched.startCommand(command, environment(event));
  }

  private Map<String, String> environment(ObjectNode event) {
    var all = new HashMap<>(environments.getOrDefault(storage, Map.of()));
    all.put("EVENT", Json.text(event));
    all.put("LOG_LEVEL", "trace");
    return all;
  }

  /** The changing requests of the last run, in their order. */
  synchronized List<String> requests() {
    return requests.stream().map(WireTap.Request::toString).toList();
  }

  /** All that the chain holds now, with names for what is different each time. */
  String state() throws IOException {
    return state.now(storage);
  }

  private final class Killer implements WireTap.Witness {
    @Override
    public boolean before(WireTap.Request request) {
      synchronized (CrashBench.this) {
        requests.add(request);
        return goesOn(request, true);
      }
    }

    @Override
    public boolean after(WireTap.Request request) {
      synchronized (CrashBench.this) {
        return goesOn(request, false);
      }
    }

    private boolean goesOn(WireTap.Request request, boolean before) {
      Kill.AtRequest at = kill;
      Process process = victim;
      if (at == null || process == null) {
        // Nobody is to be killed, or somebody was: what a dead process sent is not passed on.
        return at == null;
      }
      if (at.before() != before || requests.indexOf(request) != at.number() - 1) {
        return true;
      }
      victim = null;
      process.destroyForcibly();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return false;
    }
  }

  @Override
  public void close() {
    for (WireTap wire : wires) {
      try {
        wire.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    bench.close();
  }
}
