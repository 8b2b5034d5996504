package io.contractbuilder.endtoend;

import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All that a chain holds of one contract, and what its function says of itself. */
final class CrashState {
  private static final String CACHED = "(what is stored)";

  private final ChainBench bench;
  private final String id;

  /** All that were ever named, so that one that nothing names any more is found. */
  private final Set<String> images = new LinkedHashSet<>();

  /** What these are made of. */
  private final Set<String> blobs = new LinkedHashSet<>();

  CrashState(ChainBench bench, String id) {
    this.bench = bench;
    this.id = id;
  }

  /** Empties the chain, and takes from the registry what was ever pushed. */
  void clear(Storage storage) throws IOException {
    bench.clear(storage);
    for (String image : images) {
      bench.privateRegistry.remove(image, blobs);
    }
    bench.privateRegistry.removeBlobs(blobs);
  }

  /** With names for what is different each time. */
  String now(Storage storage) throws IOException {
    var canonical = new Canonical();
    canonical.name(id, "<id>");
    // The same in each run, and numbered in the same order.
    images.forEach(canonical::text);
    Map<String, String> now = ChainSnapshot.of(bench, storage, id, canonical);
    images.addAll(canonical.digests());
    // The cache may lack an entry, as readers ask the storage then; never may it hold another.
    now.entrySet()
        .removeIf(one -> one.getKey().startsWith("cache ") && one.getValue().equals(CACHED));
    return ChainSnapshot.changes(Map.of(), now, canonical)
        + canonical.text(answer() + keyFits(storage));
  }

  /** The function's environment, as it says itself. */
  private String answer() throws IOException {
    byte[] answer = bench.platformAnswer("POST", "/function/contract-" + id, "x");
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
  private String keyFits(Storage storage) throws IOException {
    var keys = new ArrayList<String>();
    Path stored = bench.objects(storage).resolve("KEYS");
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
    Path secret = bench.secret("sc-" + id + "-secret-key");
    return Files.exists(secret) ? Files.readString(secret).strip() : "none";
  }
}
