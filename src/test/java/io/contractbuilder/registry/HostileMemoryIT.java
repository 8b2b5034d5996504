package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.json.Json;
import io.contractbuilder.registry.HostileProcess.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program itself, as it is started, against registries that want its memory: at its peak it has
 * less than 128 MB, whatever they send.
 */
@SuppressWarnings("NullAway.Init")
class HostileMemoryIT {
  @TempDir private Path folder;
  private MemoryRegistry from;
  private MemoryRegistry to;

  @BeforeEach
  void start() throws IOException {
    from = new MemoryRegistry();
    to = new MemoryRegistry();
  }

  @AfterEach
  void stop() {
    from.close();
    to.close();
  }

  private Ended wrap() throws IOException, InterruptedException {
    return HostileProcess.wrap(folder, from.host(), to.host(), () -> true, () -> {})
        .hasTakenLittle();
  }

  private void isRefused(String why) throws IOException, InterruptedException {
    Ended ended = wrap().tellsNoSecret();
    assertThat(ended.code()).as(ended.said()).isNotZero();
    assertThat(ended.said()).contains(why, from.host()).doesNotContain("OutOfMemory", "Exception");
    assertThat(to.manifests).isEmpty();
  }

  /** An image of one layer, with another configuration. */
  private void serve(byte[] config) throws IOException {
    TestImage image = from.push("app", "2", TestImage.oci(1, 100));
    ObjectNode manifest = (ObjectNode) Json.read(image.manifest());
    manifest.set("config", Descriptor.of(MediaTypes.OCI_CONFIG, config).tree());
    from.blobs.put(Digest.of(config).value(), config);
    from.push("app", "1", new TestImage(MediaTypes.OCI_MANIFEST, Json.write(manifest), Map.of()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void anEndlessManifestTakesNone() throws Exception {
    from.at("/manifests/1", MemoryRegistry.endless(200));
    isRefused("more than 4194304 bytes");
  }

  @Test
  void endlessLayersTakeNone() throws Exception {
    TestImage image = from.push("app", "1", TestImage.oci(20, 100_000));
    for (String layer : image.blobs().keySet().stream().limit(20).toList()) {
      from.at("/blobs/" + layer, MemoryRegistry.endless(200));
    }
    isRefused("bytes declared");
  }

  /** As many headers, as long, as are taken, for every layer at once. */
  @Test
  void headersToTheLimitTakeLittle() throws Exception {
    TestImage image = from.push("app", "1", TestImage.oci(20, 100_000));
    from.behave(HostileMemoryIT::flood);

    Ended ended = wrap();

    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(to.blobs.keySet()).containsAll(image.blobs().keySet().stream().limit(20).toList());
  }

  private static boolean flood(HttpExchange exchange) {
    for (int i = 0; i < 90; i++) {
      exchange.getResponseHeaders().add("X-Flood-" + i, "x".repeat(8_000));
    }
    return false;
  }

  @Test
  void eightMebibytesOfNestedJsonTakeLittle() throws Exception {
    serve(bytes("[".repeat(4 << 20) + "]".repeat(4 << 20)));
    isRefused("reading its configuration");
  }

  @Test
  void eightMebibytesOfSmallValuesTakeLittle() throws Exception {
    serve(bytes("{\"config\":[" + "[],".repeat(2_790_000) + "0]}"));
    isRefused("reading its configuration");
  }

  private static byte[] config(String letter, int count) throws IOException {
    byte[] config = TestImage.oci(1, 100).blobs().values().stream().toList().getLast();
    ObjectNode tree = (ObjectNode) Json.read(config);
    ((ObjectNode) tree.path("config")).putObject("Labels").put("long", "LONG");
    ArrayNode many = tree.putArray("many");
    for (int i = 0; i < 90_000; i++) {
      many.add(i);
    }
    byte[] bytes = bytes(Json.text(tree).replace("LONG", letter.repeat(count)));
    assertThat(bytes).hasSizeBetween(7_000_000, 8 << 20);
    return bytes;
  }

  /** An image that is none the less one: it is wrapped. */
  @Test
  void aConfigurationToTheLimitsTakesLittle() throws Exception {
    serve(config("e", 7_000_000));
    Ended ended = wrap();
    assertThat(ended.code()).as(ended.said()).isZero();
  }

  @Test
  void aConfigurationThatGrowsTakesLittle() throws Exception {
    serve(config("\u00e9", 3_500_000));
    isRefused("bytes when its letters are escaped");
  }

  @Test
  void thousandsOfLayersTakeLittle() throws Exception {
    TestImage image = TestImage.oci(1, 100);
    ObjectNode manifest = (ObjectNode) Json.read(image.manifest());
    ArrayNode layers = (ArrayNode) manifest.get("layers");
    ((ObjectNode) layers.get(0).get("annotations")).put("long", "x".repeat(250));
    for (int i = 0; i < 6_000; i++) {
      layers.add(layers.get(0).deepCopy());
    }
    byte[] text = Json.write(manifest);
    assertThat(text).hasSizeBetween(5 << 19, 4 << 20);
    from.push("app", "1", new TestImage(MediaTypes.OCI_MANIFEST, text, Map.of()));
    isRefused("6001 layers, where 126 are allowed");
  }
}
