package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests, indexes and configurations that are not what they say, or too much. */
@Timeout(60)
class HostileImageTest {
  private static final String ZEROS = "0".repeat(64);
  private HostileCopy copy;

  @BeforeEach
  void start() throws IOException {
    copy = new HostileCopy();
  }

  @AfterEach
  void stop() {
    copy.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode tree(byte[] json) throws IOException {
    return (ObjectNode) Json.read(json);
  }

  /** An honest image, whose manifest has been put through {@code edit}. */
  private PartFailure failureWithManifest(Edit edit) throws IOException {
    TestImage image = copy.from.push("app", "2", TestImage.oci(1, 100));
    ObjectNode manifest = tree(image.manifest());
    edit.edit(manifest);
    return copy.serve(MediaTypes.OCI_MANIFEST, Json.write(manifest)).failure();
  }

  private interface Edit {
    void edit(ObjectNode tree);
  }

  private static ObjectNode firstLayer(ObjectNode manifest) {
    return (ObjectNode) manifest.path("layers").path(0);
  }

  @Test
  void manifestOfAnotherDigestThanAskedForIsRefused() {
    TestImage image = copy.from.push("app", "1", TestImage.oci(1, 100));
    TestImage another = TestImage.oci(2, 100);
    copy.from.manifests.put("app@" + image.digest(), another.manifest());

    assertThat(copy.failure(copy.host() + "/app@" + image.digest()))
        .hasMessageContaining("a manifest whose digest is " + another.digest())
        .hasMessageContaining("registry " + copy.host());
  }

  @Test
  void manifestOfAnotherDigestThanItsHeaderSaysIsRefused() {
    TestImage image = copy.from.push("app", "1", TestImage.oci(1, 100));
    copy.from.at(
        "/manifests/1",
        exchange -> {
          exchange.getResponseHeaders().add("Docker-Content-Digest", "sha256:" + ZEROS);
          MemoryRegistry.answer(exchange, 200, image.manifest());
        });

    assertThat(copy.failure()).hasMessageContaining("a manifest whose digest is");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sha512:00", "md5:00", "sha256:XYZ", "sha256:../../x", "", "SHA256:", "sha256"})
  void layerOfAnUnknownDigestAlgorithmIsRefused(String digest) throws IOException {
    assertThat(failureWithManifest(m -> firstLayer(m).put("digest", digest)))
        .hasMessageContaining("a descriptor without a media type, a sha256 digest or a size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha512:00", "md5:00", "sha384:", "blake3:00"})
  void configurationOfAnUnknownDigestAlgorithmIsRefused(String digest) throws IOException {
    assertThat(failureWithManifest(m -> ((ObjectNode) m.path("config")).put("digest", digest)))
        .hasMessageContaining("uses another digest algorithm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha512:00", "md5:00", "sha384:", "blake3:00"})
  void indexThatUsesAnUnknownDigestAlgorithmIsRefused(String digest) throws IOException {
    ObjectNode index = tree(HostileIndexes.of(MediaTypes.OCI_MANIFEST, bytes("x"), 1));
    ((ObjectNode) index.path("manifests").path(0)).put("digest", digest);
    assertThat(failureWithIndex(Json.write(index)))
        .hasMessageContaining("uses another digest algorithm");
    assertThat(copy.from.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "1e3",
        "1.5",
        "\"7\"",
        "null",
        "true",
        "[]",
        "99999999999999999999999",
        "1e999999999"
      })
  void layerOfNoProperSizeIsRefused(String size) throws IOException {
    String manifest =
        new String(TestImage.oci(1, 100).manifest(), StandardCharsets.UTF_8)
            .replaceAll("\"size\":[0-9]+", "\"size\":" + size);
    assertThat(copy.serve(MediaTypes.OCI_MANIFEST, bytes(manifest)).failure().part())
        .startsWith("image " + copy.host());
  }

  @Test
  void imageOverTheSizeLimitIsRefusedBeforeALayerMoves() throws IOException {
    assertThat(failureWithManifest(m -> firstLayer(m).put("size", Long.MAX_VALUE)))
        .hasMessageContaining("bytes of compressed layers");
    assertThat(copy.from.requests).hasSize(1);
  }

  @Test
  void thousandsOfLayersAreRefusedBeforeAnyMoves() throws IOException {
    assertThat(
            failureWithManifest(
                m -> {
                  ArrayNode layers = (ArrayNode) m.get("layers");
                  for (int i = 0; i < 5000; i++) {
                    layers.add(firstLayer(m).deepCopy());
                  }
                }))
        .hasMessageContaining("5001 layers, where 126 are allowed");
    assertThat(copy.from.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "7",
        "null",
        "{}",
        "{\"layers\":{}}",
        "{\"layers\":[],\"config\":[]}",
        "{\"layers\":[1],\"config\":{}}",
        "{\"layers\":[],\"layers\":[]}",
        "{\"manifests\":{}}",
        "{\"manifests\":[7]}",
        "{\"manifests\":[],\"layers\":[]}",
        "{\"manifests\":[]}",
        "{\"schemaVersion\":1e999999999,\"layers\":[]}"
      })
  void manifestOfOtherTypesThanExpectedIsRefused(String manifest) {
    assertThat(copy.serve(MediaTypes.OCI_MANIFEST, bytes(manifest)).failure())
        .isInstanceOf(PartFailure.class);
  }

  @Test
  void deeplyNestedManifestIsRefused() {
    String nested = "{\"layers\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertThat(copy.serve(MediaTypes.OCI_MANIFEST, bytes(nested)).failure())
        .hasMessageContaining("image " + copy.host());
  }

  @Test
  void manifestWhoseHeaderNamesAnotherTypeIsRefused() throws IOException {
    TestImage image = TestImage.oci(1, 100);
    assertThat(copy.serve(MediaTypes.OCI_INDEX, image.manifest()).failure())
        .hasMessageContaining("delivered as " + MediaTypes.OCI_INDEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "application/vnd.cncf.helm.config.v1+json",
        "application/vnd.oci.image.index.v1+json",
        ""
      })
  void configurationOfAnotherMediaTypeThanAnImagesIsRefused(String type) throws IOException {
    assertThat(failureWithManifest(m -> ((ObjectNode) m.path("config")).put("mediaType", type)))
        .hasMessageContaining("not a container image");
  }

  @Test
  void manifestWithTheFieldsOfAnIndexIsRefused() throws IOException {
    assertThat(failureWithManifest(m -> m.put("mediaType", MediaTypes.OCI_INDEX)))
        .hasMessageContaining("delivered as " + MediaTypes.OCI_MANIFEST);
    assertThat(failureWithManifest(m -> m.putArray("manifests")))
        .hasMessageContaining("both an index and a manifest");
  }

  private PartFailure failureWithIndex(byte[] index) {
    return copy.serve(MediaTypes.OCI_INDEX, index).failure();
  }

  @Test
  void manifestOfAnotherTypeThanItsIndexSaysIsRefused() {
    TestImage image = copy.from.push("app", "2", TestImage.docker(1, 100));
    assertThat(failureWithIndex(HostileIndexes.of(MediaTypes.OCI_MANIFEST, image.manifest(), 1)))
        .hasMessageContaining("another media type than its index says");
  }

  @Test
  void manifestOfAnotherSizeThanItsIndexSaysIsRefused() throws IOException {
    TestImage image = copy.from.push("app", "2", TestImage.oci(1, 100));
    ObjectNode index = tree(HostileIndexes.of(MediaTypes.OCI_MANIFEST, image.manifest(), 1));
    ((ObjectNode) index.path("manifests").path(0)).put("size", 7);
    assertThat(failureWithIndex(Json.write(index))).hasMessageContaining("its index says 7");
  }

  @Test
  void indexThatSaysToContainItselfIsRefused() throws IOException {
    byte[] inner = HostileIndexes.of(MediaTypes.OCI_INDEX, bytes("x"), 1);
    byte[] outer = HostileIndexes.of(MediaTypes.OCI_INDEX, inner, 1);
    copy.from.manifests.put("app@" + Digest.of(inner), outer);
    copy.from.types.put("app@" + Digest.of(inner), MediaTypes.OCI_INDEX);
    assertThat(failureWithIndex(outer))
        .hasMessageContaining("a manifest whose digest is " + Digest.of(outer));
  }

  @Test
  void indexInAnIndexInAnIndexIsRefused() {
    byte[] inmost = HostileIndexes.of(MediaTypes.OCI_MANIFEST, bytes("x"), 1);
    byte[] inner = HostileIndexes.of(MediaTypes.OCI_INDEX, inmost, 1);
    copy.from.push("app", "2", new TestImage(MediaTypes.OCI_INDEX, inner, java.util.Map.of()));
    assertThat(failureWithIndex(HostileIndexes.of(MediaTypes.OCI_INDEX, inner, 1)))
        .hasMessageContaining("indexes within indexes");
    assertThat(copy.from.requests).hasSize(2);
  }

  @Test
  void indexOfThousandsOfEntriesIsRefused() {
    assertThat(failureWithIndex(HostileIndexes.of(MediaTypes.OCI_MANIFEST, bytes("x"), 4000)))
        .hasMessageContaining("4000 manifests, where 256 are allowed");
    assertThat(copy.from.requests).hasSize(1);
  }

  @Test
  void indexOfThousandsOfInnerIndexesIsRefused() {
    byte[] inner = HostileIndexes.of(MediaTypes.OCI_MANIFEST, bytes("x"), 200);
    copy.from.push("app", "2", new TestImage(MediaTypes.OCI_INDEX, inner, java.util.Map.of()));
    assertThat(failureWithIndex(HostileIndexes.of(MediaTypes.OCI_INDEX, inner, 256)))
        .hasMessageContaining("400 manifests, where 256 are allowed");
    assertThat(copy.from.requests).hasSize(3);
  }

  @Test
  void indexOfManyImagesOfOnePlatformIsRefusedBeforeTheyAreRead() {
    assertThat(failureWithIndex(HostileIndexes.of(MediaTypes.OCI_MANIFEST, bytes("x"), 9)))
        .hasMessageContaining("9 platforms");
    assertThat(copy.from.requests).hasSize(1);
  }

  /** An image with this configuration, and one layer. */
  private PartFailure failureWithConfig(byte[] config) throws IOException {
    copy.from.blobs.put(Digest.of(config).value(), config);
    return failureWithManifest(
        m -> m.set("config", Descriptor.of(MediaTypes.OCI_CONFIG, config).tree()));
  }

  @Test
  void eightMebibytesOfNestedConfigurationAreRefused() throws IOException {
    String nested = "[".repeat(4 << 20) + "]".repeat(4 << 20);
    assertThat(failureWithConfig(bytes(nested))).hasMessageContaining("reading its configuration");
  }

  @Test
  void eightMebibytesOfSmallValuesInAConfigurationAreRefused() throws IOException {
    String many = "{\"config\":[" + "[],".repeat(2_790_000) + "0]}";
    assertThat(failureWithConfig(bytes(many))).hasMessageContaining("reading its configuration");
  }

  @Test
  void configurationThatGrowsOverEightMebibytesIsRefused() throws IOException {
    String config =
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"x\":\"" + "\u00e9".repeat(2 << 20) + "\"}";
    assertThat(failureWithConfig(bytes(config)))
        .hasMessageContaining("reading its configuration")
        .hasMessageContaining("bytes when its letters are escaped");
  }

  @Test
  void configurationOverEightMebibytesIsRefusedBeforeItIsRead() throws IOException {
    assertThat(failureWithConfig(new byte[(8 << 20) + 1]))
        .hasMessageContaining("a configuration of 8388609 bytes");
    assertThat(copy.from.requests).hasSize(1);
  }

  @Test
  void configurationsOfAllPlatformsTogetherOverTheLimitAreRefusedBeforeTheyAreRead()
      throws IOException {
    ObjectNode index = tree(HostileIndexes.of(MediaTypes.OCI_MANIFEST, bytes("x"), 2));
    int at = 0;
    for (String architecture : new String[] {"amd64", "arm64"}) {
      TestImage image = TestImage.make(MediaTypes.OCI_MANIFEST, architecture, 1, 100);
      ObjectNode manifest = tree(image.manifest());
      ((ObjectNode) manifest.path("config")).put("size", 5 << 20);
      byte[] edited = Json.write(manifest);
      copy.from.push("app", "2", new TestImage(MediaTypes.OCI_MANIFEST, edited, image.blobs()));
      ObjectNode entry = (ObjectNode) index.path("manifests").path(at++);
      entry.put("digest", Digest.of(edited).value()).put("size", edited.length);
      ((ObjectNode) entry.path("platform")).put("architecture", architecture);
    }
    assertThat(failureWithIndex(Json.write(index)))
        .hasMessageContaining("configurations of 10485760 bytes together");
    assertThat(copy.from.requests).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "null",
        "{\"os\":\"linux\",\"os\":\"linux\"}",
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":7}",
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Env\":{}}}",
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Labels\":[]}}",
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":[]}",
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\"}}",
        "{\"os\":\"linux\",\"architecture\":[\"amd64\"]}",
        "{\"os\":{},\"architecture\":\"amd64\"}",
        "{\"os\":\"windows\",\"architecture\":\"amd64\"}",
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"x\":1e999999999,"
            + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[7]}}"
      })
  void configurationOfOtherTypesThanExpectedIsRefused(String config) throws IOException {
    assertThat(failureWithConfig(bytes(config)).part()).startsWith("image " + copy.host());
  }

  @Test
  void configurationOfAnotherDigestIsRefused() {
    TestImage image = copy.from.push("app", "1", TestImage.oci(0, 0));
    byte[] config = image.firstLayerBytes();
    byte[] changed = config.clone();
    changed[changed.length - 1] = ' ';
    copy.from.blobs.put(image.firstLayer(), changed);

    assertThat(copy.failure())
        .hasMessageContaining("bytes of another digest")
        .hasMessageContaining("registry " + copy.host());
  }
}
