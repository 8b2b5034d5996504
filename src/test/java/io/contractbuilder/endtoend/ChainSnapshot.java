package io.contractbuilder.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/** All that a chain holds, as text. */
final class ChainSnapshot {
  private static final String JOURNALS = "CONTRACT_BUILDER/JOURNAL/";
  private static final String OURS = "contract-builder:";

  private final ChainBench bench;
  private final Path objects;
  private final String id;
  private final Canonical canonical;
  private final List<String> lines = new ArrayList<>();

  private ChainSnapshot(
      ChainBench bench, ChainBench.Storage storage, String id, Canonical canonical) {
    this.id = id;
    this.bench = bench;
    this.objects = bench.objects(storage);
    this.canonical = canonical;
  }

  /** What is there now, and the gateway's calls since they were forgotten last. */
  static String of(ChainBench bench, ChainBench.Storage storage, String id, Canonical canonical)
      throws IOException {
    var snapshot = new ChainSnapshot(bench, storage, id, canonical);
    snapshot.storage();
    snapshot.cache();
    snapshot.redis();
    snapshot.search();
    snapshot.gateway();
    snapshot.registry();
    return String.join("\n", snapshot.lines) + "\n";
  }

  private void add(String line) {
    lines.add(canonical.text(line));
  }

  private void storage() throws IOException {
    lines.add("-- storage");
    for (var object : stored(objects).entrySet()) {
      add(object.getKey());
      // The journal is the builder's own affair.
      if (!object.getKey().startsWith(JOURNALS)) {
        add("  " + object.getValue());
      }
    }
  }

  /** Every object by its key; many of a heap are one. */
  static Map<String, String> stored(Path objects) throws IOException {
    var stored = new TreeMap<String, String>();
    if (!Files.exists(objects)) {
      return stored;
    }
    try (Stream<Path> files = Files.walk(objects)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        stored.put(objects.relativize(file).toString(), Files.readString(file));
      }
    }
    return stored;
  }

  private void cache() throws IOException {
    lines.add("-- cache");
    Map<String, String> stored = stored(objects);
    for (String key : new TreeSet<>(bench.cache.keys("*"))) {
      String value = bench.cache.get(key);
      boolean same = value.equals(stored.get(key.replaceFirst("^storage:", "")));
      add(key + (same ? " = what is stored" : "\n  " + value));
    }
  }

  private void redis() {
    lines.add("-- redis");
    var ours = new HashMap<String, String>();
    for (String key : new TreeSet<>(bench.redis.keys("*"))) {
      if (key.startsWith(OURS)) {
        // Markers of what was pushed, which end by themselves.
        String kind = key.substring(0, key.indexOf(':', OURS.length()) + 1);
        ours.put(kind.isEmpty() ? key : kind + "*", bench.redis.ttl(key) > 0 ? "ends" : "stays");
      } else {
        lines.add(key);
        content(bench.redis, key);
      }
    }
    new TreeMap<>(ours).forEach((kind, end) -> lines.add(kind + " " + end));
  }

  private void search() {
    lines.add("-- search");
    for (String key : new TreeSet<>(bench.search.keys("*"))) {
      add(key);
      content(bench.search, key);
    }
  }

  private void content(Jedis redis, String key) {
    String type = redis.type(key);
    switch (type) {
      case "list" -> redis.lrange(key, 0, -1).forEach(item -> add("  " + item));
      case "hash" ->
          new TreeMap<>(redis.hgetAll(key))
              .forEach((field, value) -> add("  " + field + " = " + value));
      case "string" -> add("  " + redis.get(key));
      default -> add("  (" + type + ")");
    }
  }

  private void gateway() throws IOException {
    lines.add("-- gateway calls");
    String last = "";
    for (CountingProxy.Call call : bench.gateway.calls()) {
      boolean again = call.request().startsWith("GET ") && call.request().equals(last);
      // How often it has to ask until a function is ready differs.
      if (!again) {
        add(call.request() + " -> " + call.status());
        if (!call.body().isEmpty()) {
          add("  " + call.body());
        }
      }
      last = call.request();
    }
    lines.add("-- gateway holds");
    for (String kind : List.of("functions", "secrets")) {
      JsonNode all = Json.read(bench.platformAnswer("GET", "/system/" + kind, ""));
      var names = new TreeSet<String>();
      all.forEach(one -> names.add(one.path("name").asText()));
      names.forEach(name -> add(kind.replaceFirst("s$", " ") + name));
    }
  }

  private void registry() throws IOException {
    lines.add("-- registry");
    // Other tests push there, too.
    if (bench.privateRegistry.tags().contains(id)) {
      add("customer-contracts:" + id);
    }
    List<String> digests = canonical.digests();
    for (String digest : digests) {
      if (bench.privateRegistry.holds(digest)) {
        add("customer-contracts@" + digest);
      }
    }
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
