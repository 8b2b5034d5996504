package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageException;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ImagePlatform;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of image that people have, from one registry into another. */
@Timeout(60)
class AnyImageTest {
  private MemoryRegistry from;
  private MemoryRegistry to;
  private ImageStores stores;

  @BeforeEach
  void start() throws IOException {
    from = new MemoryRegistry();
    to = new MemoryRegistry();
    stores =
        new ImageStores(
            new RegistryClient(
                RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
                new RefusingRegistries(null)),
            false);
  }

  @AfterEach
  void stop() {
    stores.close();
    from.close();
    to.close();
  }

  private BuiltImage run() {
    return run(ImageLimits.DEFAULT, null);
  }

  private BuiltImage run(ImageLimits limits, @Nullable ImagePlatform platform) {
    return new ImageWrap(new WatchdogLayers(), limits)
        .wrap(
            new ImageWrap.Input(
                ImageReference.parse(from.host() + "/app:1"),
                null,
                TestWatchdog.BOTH,
                null,
                platform,
                null),
            stores,
            stores,
            ImageReference.parse(to.host() + "/wrapped:1"),
            null,
            CopyListeners.NONE);
  }

  private JsonNode wrapped(String name) throws IOException {
    return Json.read(Objects.requireNonNull(to.manifests.get("wrapped@" + name)));
  }

  private interface Edit {
    void edit(ObjectNode manifest);
  }

  /** An image whose manifest says something else; its blobs stay. */
  private TestImage edited(TestImage image, Edit edit) throws IOException {
    ObjectNode manifest = (ObjectNode) Json.read(image.manifest());
    edit.edit(manifest);
    return from.push(
        "app", "1", new TestImage(image.mediaType(), Json.write(manifest), image.blobs()));
  }

  private static ObjectNode firstLayer(ObjectNode manifest) {
    return (ObjectNode) manifest.path("layers").path(0);
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.oci.image.layer.v1.tar+zstd",
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.oci.image.layer.v1.tar"
  })
  void layerOfAnyCompressionIsCopiedAsItIs(String type) throws IOException {
    TestImage image = edited(TestImage.oci(2, 100), m -> firstLayer(m).put("mediaType", type));

    run();

    assertThat(to.blobs).containsEntry(image.firstLayer(), image.firstLayerBytes());
    assertThat(wrapped("1").path("layers").path(0).path("mediaType").asText()).isEqualTo(type);
  }

  /** containerd/stargz-snapshotter, docs/estargz.md: these name the table of contents. */
  @Test
  void annotationsOfLazilyPulledLayersStay() throws IOException {
    ObjectNode annotations =
        Json.object()
            .put("containerd.io/snapshot/stargz/toc.digest", "sha256:" + "a".repeat(64))
            .put("io.containers.estargz.uncompressed-size", "12345");
    edited(TestImage.oci(2, 100), m -> firstLayer(m).set("annotations", annotations));

    run();

    assertThat(wrapped("1").path("layers").path(0).path("annotations")).isEqualTo(annotations);
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"
  })
  void layerThatMayNotBeDistributedStaysWhereItIs(String type) throws IOException {
    boolean docker = type.contains("docker");
    TestImage image =
        edited(
            docker ? TestImage.docker(2, 100) : TestImage.oci(2, 100),
            m -> {
              firstLayer(m).put("mediaType", type);
              firstLayer(m).putArray("urls").add("https://elsewhere.example/layer");
            });
    to.refusesMissing = false;

    run();

    assertThat(from.requests).noneMatch(r -> r.contains(image.firstLayer()));
    assertThat(to.blobs).doesNotContainKey(image.firstLayer());
    JsonNode layer = wrapped("1").path("layers").path(0);
    assertThat(layer.path("urls").path(0).asText()).isEqualTo("https://elsewhere.example/layer");
    assertThat(layer.path("mediaType").asText()).isEqualTo(type);
  }

  @Test
  void registryThatWantsALayerThatMayNotBeDistributedIsSaidToWantIt() throws IOException {
    edited(
        TestImage.docker(2, 100),
        m ->
            firstLayer(m)
                .put("mediaType", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));

    assertThatThrownBy(this::run)
        .hasMessageContaining("a layer that lies elsewhere and may not be copied")
        .hasMessageContaining("without foreign layers");
    assertThat(to.tags()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.docker.distribution.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws"
      })
  void schemaOneIsRefusedWithWhatToDo(String type) {
    byte[] manifest =
        Json.write(Json.object().put("schemaVersion", 1).put("name", "app").put("tag", "1"));
    from.push("app", "1", new TestImage(type, manifest, Map.of()));

    assertThatThrownBy(this::run)
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("Docker's schema 1")
        .hasMessageContaining("Pull and push the image with a current Docker or skopeo");
    assertThat(to.deliveries()).isEmpty();
  }

  /** A chart, a signature, a model, and one that says what it is itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.cncf.helm.config.v1+json",
        "application/vnd.dev.cosign.simplesigning.v1+json",
        "application/vnd.oci.empty.v1+json",
        "application/vnd.ollama.model.v1+json"
      })
  void artifactThatIsNoImageIsRefused(String config) throws IOException {
    edited(TestImage.oci(1, 100), m -> ((ObjectNode) m.path("config")).put("mediaType", config));

    assertThatThrownBy(this::run)
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("not a container image")
        .hasMessageContaining(config)
        .hasMessageContaining("charts, signatures and other artifacts cannot be run");
    assertThat(to.deliveries()).isEmpty();
  }

  /** One platform is larger than the others. */
  private static int layerBytes(String architecture) {
    return architecture.equals("arm64") ? 50_000 : 100;
  }

  /** An index of both architectures, of one that nobody has a watchdog for, and an attestation. */
  private TestImage index(String type, String... architectures) {
    boolean docker = type.equals(MediaTypes.DOCKER_LIST);
    ArrayNode entries = Json.array();
    Map<String, byte[]> blobs = new HashMap<>();
    for (String architecture : architectures) {
      TestImage one =
          TestImage.make(
              docker ? MediaTypes.DOCKER_MANIFEST : MediaTypes.OCI_MANIFEST,
              architecture,
              1,
              layerBytes(architecture));
      from.push("app", "part", one);
      blobs.putAll(one.blobs());
      ObjectNode entry = Descriptor.of(one.mediaType(), one.manifest()).tree();
      entry.putObject("platform").put("os", "linux").put("architecture", architecture);
      if (architecture.equals("arm64")) {
        ((ObjectNode) entry.path("platform")).put("variant", "v8");
      }
      if (architecture.equals("unknown")) {
        ((ObjectNode) entry.path("platform")).put("os", "unknown");
        entry.putObject("annotations").put("vnd.docker.reference.type", "attestation-manifest");
      }
      entries.add(entry);
    }
    ObjectNode index = Json.object().put("schemaVersion", 2).put("mediaType", type);
    index.set("manifests", entries);
    return from.push("app", "1", new TestImage(type, Json.write(index), blobs));
  }

  @ParameterizedTest
  @ValueSource(strings = {MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST})
  void everyArchitectureThatImageAndWatchdogBothHaveIsKeptAndNoAttestation(String type)
      throws IOException {
    index(type, "amd64", "s390x", "arm64", "unknown");

    BuiltImage built = run();

    assertThat(built.platforms()).containsExactly("linux/amd64", "linux/arm64/v8");
    assertThat(wrapped("1").path("manifests")).hasSize(2);
    assertThat(wrapped("1").path("mediaType").asText()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64",
    "linux/arm64, linux/arm64/v8",
    "linux/arm64/v8, linux/arm64/v8"
  })
  void platformThatIsAskedForIsTakenAloneAndNothingOfTheOthersIsRead(String asked, String taken)
      throws IOException {
    index(MediaTypes.OCI_INDEX, "amd64", "arm64");

    BuiltImage built = run(ImageLimits.DEFAULT, new ImagePlatform(asked));

    assertThat(built.platforms()).containsExactly(taken);
    assertThat(wrapped("1").path("mediaType").asText()).isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(from.count("GET /v2/app/manifests/")).isEqualTo(2);
    assertThat(from.count("GET /v2/app/blobs/")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void platformThatIsNotThereIsRefusedWithThoseThatAre(boolean several) {
    if (several) {
      index(MediaTypes.OCI_INDEX, "amd64", "arm64");
    } else {
      from.push("app", "1", TestImage.oci(1, 100));
    }

    assertThatThrownBy(() -> run(ImageLimits.DEFAULT, new ImagePlatform("linux/arm/v7")))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("choosing the platform linux/arm/v7")
        .hasMessageContaining("it is for linux/amd64");
    assertThat(to.deliveries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"arm64", "windows/amd64", "linux/", "linux/a/b/c", "LINUX/amd64", ""})
  void malformedPlatformIsRefused(String platform) {
    assertThatThrownBy(() -> new ImagePlatform(platform))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("linux/<architecture>[/<variant>]");
  }

  /** The gate: layers of the largest platform together, as they are stored. */
  @Test
  void largestPlatformOverTheLimitIsRefusedBeforeAByteOfALayerMoves() {
    index(MediaTypes.OCI_INDEX, "amd64", "arm64");
    int bytes = layerBytes("arm64");
    long size = TestImage.make(MediaTypes.OCI_MANIFEST, "arm64", 1, bytes).firstLayerBytes().length;

    assertThat(run(new ImageLimits(size, 126, 256), null).platforms()).hasSize(2);
    to.requests.clear();
    from.requests.clear();
    assertThatThrownBy(() -> run(new ImageLimits(size - 1, 126, 256), null))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining(size + " bytes of compressed layers, where " + (size - 1))
        .hasMessageContaining("raise CONTRACT_BUILDER_IMAGE_LIMIT");
    assertThat(to.deliveries()).isEmpty();
    assertThat(from.requests).noneMatch(r -> r.contains("/blobs/"));
    assertThat(run(new ImageLimits(size - 1, 126, 256), new ImagePlatform("linux/amd64")))
        .as("the smaller platform alone")
        .isNotNull();
  }

  @Test
  void limitIsFiveHundredMebibytesUnlessSetOtherwise() throws IOException {
    assertThat(ImageLimits.DEFAULT.compressedBytes()).isEqualTo(500L * 1024 * 1024);
    edited(TestImage.oci(1, 100), m -> firstLayer(m).put("size", 500L * 1024 * 1024 + 1));

    assertThatThrownBy(this::run).hasMessageContaining("524288001 bytes of compressed layers");
    assertThat(to.deliveries()).isEmpty();
  }

  @Test
  void imageByTagAndDigestIsTheDigests() throws IOException {
    TestImage image = from.push("app", "1", TestImage.oci(1, 100));
    from.push("app", "1", TestImage.docker(1, 100));
    from.manifests.put("app@" + image.digest(), image.manifest());
    from.types.put("app@" + image.digest(), image.mediaType());

    BuiltImage built =
        new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT)
            .wrap(
                new ImageWrap.Input(
                    ImageReference.parse(from.host() + "/app:1@" + image.digest()),
                    null,
                    TestWatchdog.BOTH,
                    null),
                stores,
                stores,
                ImageReference.parse(to.host() + "/wrapped:1"),
                null,
                CopyListeners.NONE);

    assertThat(built.baseDigest()).isEqualTo(image.digest());
    assertThat(Digest.of(Objects.requireNonNull(to.manifests.get("wrapped@1"))))
        .isEqualTo(built.digest());
  }

  @Test
  void registryAtAnIpv6AddressIsReached() throws IOException {
    try (MemoryRegistry six =
        new MemoryRegistry(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0))) {
      TestImage image = six.push("app", "1", TestImage.oci(1, 100));

      assertThat(
              new StoredImages(stores, ImageLimits.DEFAULT)
                  .resolve(ImageReference.parse("[::1]:" + six.port() + "/app:1"), null))
          .isEqualTo(image.digest());
    } catch (SocketException e) {
      Assumptions.assumeTrue(false, "no IPv6 on this machine: " + e);
    }
  }

  /** Who loads an archive looks for each layer in it. */
  @Test
  void layerThatMayNotBeDistributedIsRefusedForAnArchive(@TempDir Path folder) throws IOException {
    edited(
        TestImage.docker(2, 100),
        m ->
            firstLayer(m)
                .put("mediaType", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
    Path file = folder.resolve("out.tar");

    assertThatThrownBy(
            () ->
                new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT)
                    .wrap(
                        new ImageWrap.Input(
                            ImageReference.parse(from.host() + "/app:1"),
                            null,
                            TestWatchdog.BOTH,
                            null),
                        stores,
                        stores,
                        ImageReference.parse("docker-archive:" + file),
                        null,
                        CopyListeners.NONE))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("a layer that lies elsewhere and may not be copied");
    assertThat(file).doesNotExist();
  }
}
