package io.contractbuilder.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/** All that a chain holds: what it is and where, with its value. */
final class ChainSnapshot {
  private static final String JOURNALS = "CONTRACT_BUILDER/JOURNAL/";
  private static final String OURS = "contract-builder:";
  private static final String INDEX = "idx:";
  private static final String CACHED = "storage:";

  private final ChainBench bench;
  private final Path objects;
  private final TreeMap<String, String> held = new TreeMap<>();

  private ChainSnapshot(ChainBench bench, ChainBench.Storage storage) {
    this.bench = bench;
    this.objects = bench.objects(storage);
  }

  /**
   * Takes all that is there now.
   *
   * @param canonical is shown all of it, and knows the images that may be in the private registry
   */
  static Map<String, String> of(
      ChainBench bench, ChainBench.Storage storage, String contract, Canonical canonical)
      throws IOException {
    var snapshot = new ChainSnapshot(bench, storage);
    snapshot.storage();
    snapshot.redis("redis", bench.redis);
    snapshot.redis("search", bench.search);
    snapshot.gateway();
    snapshot.held.values().forEach(canonical::text);
    snapshot.registry(contract, canonical.digests());
    return snapshot.held;
  }

  private void storage() throws IOException {
    Map<String, String> stored = stored(objects);
    stored.forEach(
        (key, value) ->
            // What is in a journal is the builder's own affair.
            held.put(place("storage ", key), key.startsWith(JOURNALS) ? "(a journal)" : value));
    for (String key : bench.cache.keys("*")) {
      String value = bench.cache.get(key);
      String object = key.startsWith(CACHED) ? stored.get(key.substring(CACHED.length())) : null;
      held.put(place("cache ", key), value.equals(object) ? "(what is stored)" : value);
    }
  }

  /** A whole heap is one. */
  private static String place(String name, String key) {
    return name + key.replaceFirst("/HEAP/.*", "/HEAP/...");
  }

  /** Every object by its key. */
  static Map<String, String> stored(Path objects) throws IOException {
    var stored = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(objects)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        stored.put(objects.relativize(file).toString(), Files.readString(file));
      }
    }
    return stored;
  }

  private void redis(String name, Jedis redis) {
    for (String key : redis.keys("*")) {
      String place = name + " " + key;
      switch (redis.type(key)) {
        case "list" -> {
          List<String> items = redis.lrange(key, 0, -1).reversed();
          for (int i = 0; i < items.size(); i++) {
            held.put(place + " item " + (i + 1), items.get(i));
          }
        }
        case "hash" ->
            redis.hgetAll(key).forEach((field, value) -> held.put(place + " " + field, value));
        case "string" -> held.put(place, key.startsWith(OURS) ? ours(redis, key) : redis.get(key));
        default -> {
          // What an index is made of comes and goes as the module likes; what it finds does not.
          if (key.startsWith(INDEX)) {
            held.put(place, found(redis, key.substring(INDEX.length())));
          }
        }
      }
    }
  }

  /** All strings, lists and hashes of a Redis, as text. */
  static Map<String, String> held(Jedis redis) {
    var held = new TreeMap<String, String>();
    for (String key : redis.keys("*")) {
      switch (redis.type(key)) {
        case "list" -> held.put(key, String.join("\n", redis.lrange(key, 0, -1)));
        case "hash" -> held.put(key, redis.hgetAll(key).toString());
        case "string" -> held.put(key, redis.get(key));
        default -> {}
      }
    }
    return held;
  }

  /** Names of the documents that an index finds. */
  private static String found(Jedis redis, String index) {
    var names = new TreeSet<String>();
    if (Webserver.send(redis, "FT.SEARCH", index, "*", "NOCONTENT") instanceof List<?> answer) {
      answer.stream()
          .filter(byte[].class::isInstance)
          .map(name -> text((byte[]) name))
          .forEach(names::add);
    }
    return "finds " + names;
  }

  private static String ours(Jedis redis, String key) {
    return redis.ttl(key) > 0 ? "(ends by itself)" : "(stays)";
  }

  private void gateway() throws IOException {
    for (String kind : List.of("function", "secret")) {
      bench.onGateway(kind).forEach(name -> held.put("gateway " + kind + " " + name, ""));
    }
  }

  /** Other tests push there, too. */
  private void registry(String contract, List<String> digests) throws IOException {
    if (bench.privateRegistry.tags().contains(contract)) {
      held.put("registry customer-contracts:" + contract, "");
    }
    for (String digest : digests) {
      if (bench.privateRegistry.holds(digest)) {
        held.put("registry customer-contracts@" + digest, "");
      }
    }
  }

  /** What is there now and was not, is not there any more, or is another. */
  static String changes(Map<String, String> before, Map<String, String> now, Canonical canonical) {
    Set<String> places = new TreeSet<>(before.keySet());
    places.addAll(now.keySet());
    // By their names, as what they stand for is in another order each time.
    var lines = new TreeMap<String, String>();
    for (String place : places) {
      String value = now.get(place);
      String name = canonical.text(place);
      if (value == null) {
        lines.put(name + " -", "- " + name + "\n");
      } else if (!value.equals(before.get(place))) {
        String sign = before.containsKey(place) ? "~ " : "+ ";
        String shown = value.isEmpty() ? "" : canonical.text("    " + value + "\n");
        lines.put(name + " +", sign + name + "\n" + shown);
      }
    }
    return String.join("", lines.values());
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
