package io.contractbuilder.image;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The edit of a manifest and its configuration of thirty layers: {@code bench/inner}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ManifestBenchmark {
  private static final int LAYERS = 30;
  private final byte[] config =
      bytes(
          """
          {"architecture":"amd64","os":"linux","config":{"User":"root","Entrypoint":["/start"],
           "Env":["PATH=/bin"],"Labels":{"mine":"1"}},
           "history":[%s],"rootfs":{"type":"layers","diff_ids":[%s]}}
          """
              .formatted(
                  each("{\"created\":\"2020-01-01T00:00:00Z\",\"created_by\":\"RUN %1$d\"}"),
                  each("\"sha256:%1$064x\"")));
  private final byte[] manifest =
      bytes(
          """
          {"schemaVersion":2,"mediaType":"%s",
           "config":{"mediaType":"%s","digest":"%s","size":%d},"layers":[%s]}
          """
              .formatted(
                  MediaTypes.OCI_MANIFEST,
                  MediaTypes.OCI_CONFIG,
                  Digest.of(config),
                  config.length,
                  each(
                      "{\"mediaType\":\""
                          + MediaTypes.OCI_LAYER
                          + "+gzip\",\"digest\":\"sha256:%1$064x\",\"size\":1000}")));
  private final WatchdogLayers layers = new WatchdogLayers();
  private final ImageReference source = ImageReference.parse("registry.example/app:1");
  private final ContractId contract = new ContractId("11111111-2222-4333-8444-555555555555");

  private static String each(String form) {
    return IntStream.range(0, LAYERS).mapToObj(form::formatted).collect(Collectors.joining(","));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Both are read, changed and written; the watchdog's layer was made before. */
  @Benchmark
  public Digest edited() {
    ManifestDocument top = ManifestDocument.read("app:1", null, manifest);
    var recipe =
        new WatchdogRecipe(
            new TestWatchdog(Set.of("amd64")), layers, source, top.digest(), contract);
    return WatchdogRecipe.single(recipe.apply(top, config, null), top.digest()).digest();
  }
}
