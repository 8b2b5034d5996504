package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;

/** The secrets of a chain and of its contracts, and where alone they may be. */
final class ChainCanaries {
  static final String SECRET = "cAnArY0contract0secret0value";
  static final String SECOND = "cAnArY0second0secret0value";

  /** The API key is the chain's own affair, in its storage and what caches it. */
  private static final String KEYS = "KEYS/";

  final Canaries all = new Canaries();
  private final ChainBench bench;

  ChainCanaries(ChainBench bench) {
    this.bench = bench;
    all.add("contract's secret", SECRET);
    all.add("contract's second secret", SECOND);
    all.add("chain's private key", ChainBench.PRIVATE_KEY);
    all.add(
        "registry's password",
        part("PARTS_REGISTRY_TLS_USER"),
        part("PARTS_REGISTRY_TLS_PASSWORD"));
    all.add("gateway's password", "admin", bench.gatewayPassword());
    all.add("S3's secret key", part("PARTS_S3_SECRET"));
  }

  /** What the program says, and all that the chain holds, have none where it does not belong. */
  void assertInPlace(Storage storage, String said) throws IOException {
    var found = new ArrayList<String>();
    Path objects = bench.objects(storage);
    Map<String, String> stored =
        Files.isDirectory(objects) ? ChainSnapshot.stored(objects) : Map.of();
    for (Map.Entry<String, String> object : stored.entrySet()) {
      // A file that was not yet written when its writer was killed holds nothing.
      if (object.getKey().startsWith(KEYS) && !object.getValue().isEmpty()) {
        String key = Json.read(ChainBench.utf8(object.getValue())).path("key").asText();
        assertThat(key).hasSize(43);
        all.add("API key", key);
        assertThat(all.in(object.getValue())).as("it would be found").isNotEmpty();
      }
    }
    all.in(said).forEach(canary -> found.add(canary + " on the output"));
    stored.forEach(
        (name, value) -> {
          if (!name.startsWith(KEYS)) {
            all.in(value).forEach(canary -> found.add(canary + " in storage " + name));
          }
        });
    for (Jedis redis : List.of(bench.redis, bench.cache, bench.search)) {
      ChainSnapshot.held(redis)
          .forEach(
              (name, value) -> {
                if (!name.startsWith("storage:" + KEYS)) {
                  all.in(value).forEach(canary -> found.add(canary + " in Redis " + name));
                }
              });
    }
    for (String call : bench.gateway.requests()) {
      all.in(call).forEach(canary -> found.add(canary + " in the call " + call));
    }
    assertThat(found).isEmpty();
  }
}
