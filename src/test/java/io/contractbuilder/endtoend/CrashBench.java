package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A chain on S3 that the program reaches over wires, so that every request that changes anything is
 * seen, and the program can be killed at it.
 */
final class CrashBench implements AutoCloseable {
  /** Of the program, with SIGKILL. */
  record Kill(int request, boolean before) {}

  private static final String CACHED = "(what is stored)";
  private static final String ID = "3f2b8c1e-5d64-4c3a-9a55-0e1d2c3b4a59";

  private final Map<String, String> environment = new HashMap<>();
  private final List<WireTap> wires = new ArrayList<>();
  private final ChainBench bench;
  private final ChainCanaries canaries;

  /** All that were ever named, so that one that nothing names any more is found. */
  private final Set<String> images = new LinkedHashSet<>();

  // Guarded by this.
  private final List<WireTap.Request> requests = new ArrayList<>();
  private @Nullable Kill kill;
  private @Nullable Process victim;

  CrashBench(Path folder) throws IOException, InterruptedException {
    String registry = wire("registry", part("PARTS_REGISTRY_V3_PLAIN"));
    bench = new ChainBench(folder, PrivateRegistry.plain(registry));
    canaries = new ChainCanaries(bench);
    environment.putAll(bench.environment(Storage.S3));
    for (String server : List.of("REDIS_ENDPOINT", "LRU_REDIS_ENDPOINT", "REDISEARCH_ENDPOINT")) {
      String name = server.substring(0, server.indexOf('_')).toLowerCase(Locale.ROOT);
      environment.computeIfPresent(server, (_, target) -> wire(name, target));
    }
    for (String url : List.of("FAAS_GATEWAY", "CONTRACT_BUILDER_S3_ENDPOINT")) {
      String name = url.startsWith("FAAS") ? "gateway" : "storage";
      environment.computeIfPresent(
          url, (_, target) -> "http://" + wire(name, URI.create(target).getAuthority()));
    }
  }

  private String wire(String name, String target) {
    try {
      var wire = new WireTap(name, target, new Killer());
      wires.add(wire);
      return wire.authority();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Empties the chain and starts it anew; answers what does the webserver's work. */
  Webserver anew() throws IOException {
    bench.clear(Storage.S3);
    var webserver = new Webserver(bench, Storage.S3, ID, "crashing");
    webserver.startChain();
    return webserver;
  }

  /** The customer's image with a tag. */
  String customerImage(String tag) {
    return bench.customerImage(tag);
  }

  /** Runs an event to its end, which has to be a good one. */
  Ended done(ObjectNode event) throws IOException {
    try (Launched launched = start(event, null)) {
      Ended ended = launched.ended();
      assertThat(ended.code()).as(ended.all()).isZero();
      canaries.assertInPlace(Storage.S3, ended.all());
      return ended;
    }
  }

  /** Runs an event and kills the program; answers the request, null if it was never made. */
  @Nullable String killed(ObjectNode event, Kill at) throws IOException {
    try (Launched launched = start(event, at)) {
      Ended ended = launched.ended();
      // As if its lease had ended.
      bench.redis.del("contract-builder:lock:" + ID);
      canaries.assertInPlace(Storage.S3, ended.all());
      synchronized (this) {
        if (victim == null) {
          assertThat(ended.code()).as(ended.all()).isEqualTo(128 + 9);
          return requests.get(at.request() - 1).toString();
        }
        assertThat(ended.code()).as(ended.all()).isZero();
        return null;
      }
    }
  }

  private synchronized Launched start(ObjectNode event, @Nullable Kill at) throws IOException {
    requests.clear();
    kill = at;
    var all = new HashMap<>(environment);
    all.put("EVENT", Json.text(event));
    all.put("LOG_LEVEL", "trace");
    Launched launched =
        Launched.startCommand(
            List.of("sh", Launched.project().resolve("entrypoints/contract_job.sh").toString()),
            all);
    victim = launched.process();
    return launched;
  }

  /** The changing requests of the last run, in their order. */
  synchronized List<String> requests() {
    return requests.stream().map(WireTap.Request::toString).toList();
  }

  /** All that the chain holds now, with names for what is different each time. */
  String state() throws IOException {
    var canonical = new Canonical();
    canonical.name(ID, "<id>");
    // The same in each run, and numbered in the same order.
    images.forEach(canonical::text);
    Map<String, String> now = ChainSnapshot.of(bench, Storage.S3, ID, canonical);
    images.addAll(canonical.digests());
    // The cache may lack an entry, as readers ask the storage then; never may it hold another.
    now.entrySet()
        .removeIf(one -> one.getKey().startsWith("cache ") && one.getValue().equals(CACHED));
    return ChainSnapshot.changes(Map.of(), now, canonical) + canonical.text(answer() + keyFits());
  }

  /** The function's environment, as it says itself. */
  private String answer() throws IOException {
    byte[] answer = bench.platformAnswer("POST", "/function/contract-" + ID, "x");
    if (!ChainSnapshot.text(answer).startsWith("{")) {
      return "no function answers\n";
    }
    var lines = new TreeSet<String>();
    Json.read(answer)
        .path("env")
        .properties()
        .forEach(variable -> lines.add(variable.getKey() + "=" + variable.getValue().asText()));
    // What it was called with is not its own.
    lines.removeIf(line -> line.startsWith("Http_"));
    return String.join("\n", lines) + "\n";
  }

  /** Whether the function has the key that the chain has. */
  private String keyFits() throws IOException {
    var keys = new ArrayList<String>();
    Path stored = bench.objects(Storage.S3).resolve("KEYS");
    if (Files.isDirectory(stored)) {
      try (Stream<Path> files = Files.list(stored)) {
        for (Path file : files.toList()) {
          keys.add(Json.read(Files.readAllBytes(file)).path("key").asText());
        }
      }
    }
    return "keys " + keys.size() + ", the function's is among them: " + keys.contains(secret());
  }

  private String secret() throws IOException {
    Path secret = bench.secret("sc-" + ID + "-secret-key");
    return Files.exists(secret) ? Files.readString(secret).strip() : "none";
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
      Kill at = kill;
      Process process = victim;
      if (at == null || process == null) {
        // Nobody is to be killed, or somebody was: what a dead process sent is not passed on.
        return at == null;
      }
      if (at.before() != before || requests.indexOf(request) != at.request() - 1) {
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
