package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How many requests a wrap costs at a real registry without tokens, for N base layers, and which:
 * by our own count and by the registries' access logs.
 */
@Timeout(120)
class RequestCountsIT {
  private static final String SOURCE = "PARTS_REGISTRY";
  private static final String TARGET = "PARTS_REGISTRY_NODELETE";
  private static final String ONE = "11111111-2222-4333-8444-000000000001";
  private static final String TWO = "11111111-2222-4333-8444-000000000002";
  private final ImageWrap wrap = new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT);

  /**
   * A run, with what the registries' logs say of it.
   *
   * @param read from the source's repository, as METHOD and PATH
   * @param written to the target's repository
   */
  private record Run(BuiltImage built, List<String> read, List<String> written) {
    int requests() {
      return built.traffic().requests();
    }

    List<String> blobsRead() {
      return read.stream().filter(one -> one.matches("GET .*/blobs/sha256:.*")).toList();
    }

    List<String> uploads() {
      return written.stream().filter(one -> one.matches("(PUT|PATCH) .*/blobs/.*")).toList();
    }
  }

  /** A repository of the target, with the source that is wrapped into it. */
  private final class Way {
    private final String source;
    private final String target;
    private final RequestLog reads;
    private final RequestLog writes;

    Way(String source, String target) throws IOException {
      this.source = source;
      this.target = target;
      this.reads = new RequestLog(SOURCE, source);
      this.writes = new RequestLog(TARGET, target);
    }

    Run run(String tag, String contract, @Nullable String mountFrom, RefusingRegistries refusing)
        throws IOException {
      BuiltImage built = wrapped(tag, contract, mountFrom, refusing);
      RequestLog.await(built.traffic().requests(), reads, writes);
      Run run = new Run(built, reads.further(), writes.further());
      assertThat(Stream.concat(run.read().stream(), run.written().stream()))
          .as("the requests in the registries' logs")
          .hasSize(run.requests());
      return run;
    }

    private BuiltImage wrapped(
        String tag, String contract, @Nullable String mountFrom, RefusingRegistries refusing) {
      RegistryAccess access = RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null);
      try (ImageStores stores = new ImageStores(new RegistryClient(access, refusing), false)) {
        return wrap.wrap(
            new ImageWrap.Input(
                ImageReference.parse(Parts.variable(SOURCE) + "/" + source + ":" + tag),
                null,
                TestWatchdog.BOTH,
                new ContractId(contract)),
            stores,
            stores,
            ImageReference.parse(Parts.variable(TARGET) + "/" + target + ":" + contract),
            null,
            mountFrom,
            CopyListeners.NONE);
      }
    }

    /** That no layer moved, and no more than one blob: the configuration. */
    void requireConfigurationAlone(Run run) throws Exception {
      String image = Parts.variable(TARGET) + "/" + target + "@" + run.built().digest();
      JsonNode config =
          Json.read(Parts.run("crane", "manifest", image).getBytes(StandardCharsets.UTF_8))
              .path("config");
      String digest = config.path("digest").asText();
      assertThat(run.uploads())
          .singleElement()
          .asString()
          .startsWith("PUT ")
          .matches(put -> put.replace("%3A", ":").contains("digest=" + digest), digest);
      assertThat(run.blobsRead()).as("the customer's configuration").hasSize(1);
      assertThat(run.built().traffic().bytesCopied()).isEqualTo(config.path("size").asLong());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 30, 120})
  void requestsAreThreeForEachNewLayerAndNoneForOnesThatAreThere(int layers, @TempDir Path folder)
      throws Exception {
    TestImage image = TestImage.oci(layers, 1000);
    String source = "counts/source" + layers;
    push(image, folder, source + ":1");
    push(image.withVariable("STAGE=later"), folder, source + ":2");
    var way = new Way(source, "counts/target" + layers);
    var refusing = new RefusingRegistries(null);

    Run cold = way.run("1", ONE, null, refusing);
    assertThat(cold.requests()).isEqualTo(3 * layers + 8);
    for (String layer : image.layers()) {
      assertThat(cold.blobsRead()).filteredOn(read -> read.endsWith(layer)).hasSize(1);
    }
    assertThat(cold.uploads()).as("layers, the watchdog, the configuration").hasSize(layers + 2);

    for (String tag : List.of("1", "1", "2")) {
      Run known = way.run(tag, TWO, null, refusing);
      assertThat(known.requests()).isEqualTo(5);
      requireNoLayer(image, known, way);
    }
    // The manifest is put before its configuration, to see whether the registry refuses it.
    Run unknown = way.run("2", ONE, null, new RefusingRegistries(null));
    assertThat(unknown.requests()).isEqualTo(6);
    requireNoLayer(image, unknown, way);

    var other = new Way(source, "counts/other" + layers);
    Run mounted = other.run("1", ONE, "counts/target" + layers, new RefusingRegistries(null));
    assertThat(mounted.requests()).isEqualTo(layers + 6);
    requireNoLayer(image, mounted, other);
  }

  private static void requireNoLayer(TestImage image, Run run, Way way) throws Exception {
    for (String layer : image.layers()) {
      assertThat(run.blobsRead()).noneMatch(read -> read.endsWith(layer));
    }
    way.requireConfigurationAlone(run);
  }

  @Test
  void whatARegistryRefusesIsRememberedForTheNextProcess(@TempDir Path folder) throws Exception {
    push(TestImage.oci(3, 1000), folder, "counts/remembered:1");
    var way = new Way("counts/remembered", "counts/remembering");
    way.run("1", ONE, null, new RefusingRegistries(null));
    Path record = folder.resolve("refusing");

    Run first = way.run("1", TWO, null, new RefusingRegistries(record));
    Run next = way.run("1", TWO, null, new RefusingRegistries(record));

    assertThat(first.requests()).isEqualTo(6);
    assertThat(next.requests()).isEqualTo(5);
  }

  private static void push(TestImage image, Path folder, String name) throws Exception {
    String tag = name.substring(name.indexOf(':') + 1);
    image.writeTo(folder.resolve("image"), tag);
    Parts.run(
        "skopeo",
        "copy",
        "--quiet",
        // The layers as they are: else it compresses them.
        "--preserve-digests",
        "--dest-tls-verify=false",
        "oci:" + folder.resolve("image") + ":" + tag,
        "docker://" + Parts.variable(SOURCE) + "/" + name);
  }
}
