package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrapping from one registry to another, both played, and what happens when one misbehaves. */
@Timeout(60)
class RegistryWrapTest {
  private static final ContractId CONTRACT = new ContractId("11111111-2222-4333-8444-555555555555");
  private static final RegistryCredentials CREDENTIALS =
      new RegistryCredentials("joe", new Secret("canary-password"));
  private MemoryRegistry from;
  private MemoryRegistry to;
  private RegistryClient client;
  private ImageStores stores;
  private final ImageWrap wrap = new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT);

  @BeforeEach
  void start() throws IOException {
    from = new MemoryRegistry();
    to = new MemoryRegistry();
    client =
        new RegistryClient(
            RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
            new RefusingRegistries(null),
            InetAddress::getAllByName,
            time -> {});
    stores = new ImageStores(client, true);
  }

  @AfterEach
  void stop() {
    stores.close();
    from.close();
    to.close();
  }

  private BuiltImage run() {
    return run(null, "contracts", CONTRACT);
  }

  private BuiltImage run(
      @Nullable RegistryCredentials credentials, String repository, ContractId id) {
    return wrap.wrap(
        new ImageWrap.Input(
            ImageReference.parse(from.host() + "/app:1"), credentials, TestWatchdog.BOTH, id),
        stores,
        stores,
        ImageReference.parse(to.host() + "/" + repository + ":" + id),
        null,
        CopyListeners.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 30, 120})
  void coldCopyOfNLayersTakesThreeNAndEightRequests(int layers) {
    from.push("app", "1", TestImage.oci(layers, 100));

    BuiltImage built = run();

    assertThat(built.traffic().requests()).isEqualTo(3 * layers + 8);
    assertThat(from.requests.size() + to.requests.size()).isEqualTo(3 * layers + 8);
    assertThat(to.tags()).containsEntry("contracts@" + CONTRACT, built.digest().value());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30})
  void imageWhoseLayersAreKnownTakesFiveRequestsAndMovesNoLayer(int layers) {
    TestImage image = from.push("app", "1", TestImage.oci(layers, 100));
    run();
    ContractId sibling = new ContractId("11111111-2222-4333-8444-666666666666");

    BuiltImage built = run(null, "contracts", sibling);

    assertThat(built.traffic().requests()).isEqualTo(5);
    assertThat(from.requests).filteredOn(r -> r.contains(image.firstLayer())).hasSize(1);
    assertThat(built.traffic().bytesPresent()).isGreaterThan(100L * layers);
  }

  @Test
  void registryThatAcceptsManifestsWithMissingBlobsIsNotTrusted() {
    to.refusesMissing = false;
    TestImage image = from.push("app", "1", TestImage.oci(3, 100));

    BuiltImage built = run();

    assertThat(to.blobs.keySet()).containsAll(image.blobs().keySet().stream().limit(3).toList());
    assertThat(to.tags()).containsEntry("contracts@" + CONTRACT, built.digest().value());
  }

  @Test
  void equalInputsGiveAnEqualDigestAndTwoContractsNeverShareOne() {
    from.push("app", "1", TestImage.docker(2, 100));
    ContractId other = new ContractId("11111111-2222-4333-8444-666666666666");

    assertThat(run().digest()).isEqualTo(run().digest());
    assertThat(run(null, "contracts", other).digest()).isNotEqualTo(run().digest());
  }

  @Test
  void blobThatBreaksOffIsGoneOnWithFromThere() {
    TestImage image = from.push("app", "1", TestImage.oci(1, 300_000));
    AtomicInteger broken = new AtomicInteger();
    from.behave(
        exchange -> {
          boolean layer = exchange.getRequestURI().getPath().endsWith(image.firstLayer());
          if (!layer || broken.getAndIncrement() > 0) {
            return false;
          }
          byte[] bytes = image.firstLayerBytes();
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes, 0, 100_000);
          exchange.getResponseBody().flush();
          throw new IOException("cut");
        });

    run();

    assertThat(to.blobs.get(image.firstLayer())).isEqualTo(image.firstLayerBytes());
    assertThat(to.count("PUT /v2/contracts/blobs")).isEqualTo(3);
  }

  @Test
  void wrongBytesOfALayerFailTheCopyAndNothingIsTagged() {
    TestImage image = from.push("app", "1", TestImage.oci(2, 1000));
    from.blobs.put(image.firstLayer(), new byte[image.firstLayerBytes().length]);

    assertThatThrownBy(this::run)
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("registry " + from.host())
        .hasMessageContaining("not those of the digest");
    assertThat(to.tags()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void layerOfAnotherSizeThanDeclaredFailsTheCopyAndNothingIsTagged(int difference) {
    TestImage image = from.push("app", "1", TestImage.oci(1, 1000));
    int size = image.firstLayerBytes().length;
    from.blobs.put(image.firstLayer(), new byte[size + difference]);

    assertThatThrownBy(this::run)
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining((size + difference) + " bytes, where the manifest says " + size);
    assertThat(to.tags()).isEmpty();
  }

  @Test
  void endlessManifestIsCutOffAtFourMebibytes() {
    from.behave(
        exchange -> {
          if (!exchange.getRequestURI().getPath().contains("/manifests/")) {
            return false;
          }
          exchange.sendResponseHeaders(200, 0);
          byte[] spaces = " ".repeat(65_536).getBytes(java.nio.charset.StandardCharsets.UTF_8);
          while (true) {
            exchange.getResponseBody().write(spaces);
          }
        });

    assertThatThrownBy(this::run).hasMessageContaining("more than 4194304 bytes");
  }

  private static void awaitInterrupt() {
    try {
      new java.util.concurrent.CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void registryThatFailsForAMomentIsAskedAgain() {
    from.push("app", "1", TestImage.oci(1, 100));
    AtomicInteger failures = new AtomicInteger();
    from.behave(
        exchange -> {
          if (failures.getAndIncrement() >= 2) {
            return false;
          }
          MemoryRegistry.answer(exchange, 503, new byte[0]);
          return true;
        });

    assertThat(run().traffic().requests()).isEqualTo(3 + 8 + 2);
  }

  @Test
  void credentialsGoToTheTokenServiceAndToNoOneElse() throws IOException {
    TestImage image = from.push("app", "1", TestImage.oci(1, 100));
    try (MemoryRegistry elsewhere = new MemoryRegistry()) {
      elsewhere.push("app", "1", image);
      from.behave(
          exchange -> {
            String path = exchange.getRequestURI().getPath();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (path.equals("/token")) {
              MemoryRegistry.answer(
                  exchange,
                  200,
                  "{\"token\":\"abc\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
              return true;
            }
            if (!"Bearer abc".equals(authorization)) {
              exchange
                  .getResponseHeaders()
                  .add(
                      "WWW-Authenticate",
                      "Bearer realm=\"http://" + from.host() + "/token\",service=\"s\"");
              MemoryRegistry.answer(exchange, 401, new byte[0]);
              return true;
            }
            if (path.endsWith(image.firstLayer())) {
              exchange
                  .getResponseHeaders()
                  .add("Location", "http://" + elsewhere.host() + path + "?signature=x");
              MemoryRegistry.answer(exchange, 307, new byte[0]);
              return true;
            }
            return false;
          });

      run(CREDENTIALS, "contracts", CONTRACT);

      assertThat(from.authorizations).filteredOn(a -> a.startsWith("Basic")).hasSize(1);
      assertThat(from.count("GET /token")).isEqualTo(1);
      assertThat(elsewhere.authorizations).containsOnly("");
      assertThat(to.authorizations).containsOnly("");
    }
  }

  @Test
  void tokensThatEndInTheMiddleOfACopyAreRenewed() {
    TestImage image = from.push("app", "1", TestImage.oci(6, 10_000));
    for (MemoryRegistry registry : List.of(from, to)) {
      registry.at(
          "/token",
          exchange ->
              MemoryRegistry.answer(
                  exchange,
                  200,
                  "{\"token\":\"abc\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      // Whatever is asked for finds its token ended the first time: manifests, layers, uploads.
      Set<String> seen = java.util.concurrent.ConcurrentHashMap.newKeySet();
      registry.behave(
          exchange -> {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            String what =
                query.contains("digest=")
                    ? query.replaceAll(".*digest=", "")
                    : exchange.getRequestURI().getPath();
            boolean first = seen.add(exchange.getRequestMethod() + " " + what);
            return DockerCredentialsTest.bearer(registry, new AtomicInteger(first ? 0 : 1))
                .answered(exchange);
          });
    }

    BuiltImage built = run(CREDENTIALS, "contracts", CONTRACT);

    assertThat(to.blobs.keySet()).containsAll(image.blobs().keySet().stream().limit(6).toList());
    assertThat(to.tags()).containsEntry("contracts@" + CONTRACT, built.digest().value());
    assertThat(from.count("GET /token")).isGreaterThan(1);
    assertThat(to.count("GET /token")).isGreaterThan(1);
  }

  @Test
  void uploadSessionOnAnotherHostIsRefused() throws IOException {
    from.push("app", "1", TestImage.oci(1, 100));
    try (MemoryRegistry elsewhere = new MemoryRegistry()) {
      to.behave(
          exchange -> {
            if (!exchange.getRequestMethod().equals("POST")) {
              return false;
            }
            exchange.getResponseHeaders().add("Location", "http://" + elsewhere.host() + "/x");
            MemoryRegistry.answer(exchange, 202, new byte[0]);
            return true;
          });

      assertThatThrownBy(this::run).hasMessageContaining("an upload session on another host");
      assertThat(elsewhere.requests).isEmpty();
    }
  }

  @Test
  void redirectsEndAfterFive() {
    TestImage image = from.push("app", "1", TestImage.oci(1, 100));
    from.behave(
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (!path.endsWith(image.firstLayer())) {
            return false;
          }
          exchange.getResponseHeaders().add("Location", path);
          MemoryRegistry.answer(exchange, 302, new byte[0]);
          return true;
        });

    assertThatThrownBy(this::run).hasMessageContaining("more than 5 redirects");
    assertThat(from.requests).filteredOn(r -> r.contains(image.firstLayer())).hasSize(6);
  }

  @Test
  void redirectOfAManifestIsNotFollowed() throws IOException {
    try (MemoryRegistry elsewhere = new MemoryRegistry()) {
      from.behave(
          exchange -> {
            exchange.getResponseHeaders().add("Location", "http://" + elsewhere.host() + "/x");
            MemoryRegistry.answer(exchange, 302, new byte[0]);
            return true;
          });

      assertThatThrownBy(this::run).hasMessageContaining("302");
      assertThat(elsewhere.requests).isEmpty();
    }
  }

  @Test
  void strangerMayNotReachLoopback() {
    RegistryAccess access =
        RegistryAccess.stranger(Set.of(from.host()), AllowedAddresses.PUBLIC, null);
    try (ImageStores strangers =
        new ImageStores(new RegistryClient(access, new RefusingRegistries(null)), false)) {
      assertThatThrownBy(
              () ->
                  wrap.wrap(
                      new ImageWrap.Input(
                          ImageReference.parse(from.host() + "/app:1"),
                          CREDENTIALS,
                          TestWatchdog.BOTH,
                          CONTRACT),
                      strangers,
                      stores,
                      ImageReference.parse(to.host() + "/contracts:1"),
                      null,
                      CopyListeners.NONE))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("internal address 127.0.0.1")
          .hasMessageNotContaining("canary");
    }
    assertThat(from.requests).isEmpty();
  }

  @Test
  void interruptedCopyEndsAtOnceAndTagsNothing() throws InterruptedException {
    TestImage image = from.push("app", "1", TestImage.oci(2, 300_000));
    java.util.concurrent.CountDownLatch reached = new java.util.concurrent.CountDownLatch(1);
    from.behave(
        exchange -> {
          if (!exchange.getRequestURI().getPath().endsWith(image.firstLayer())) {
            return false;
          }
          reached.countDown();
          awaitInterrupt();
          return true;
        });
    java.util.concurrent.atomic.AtomicReference<Throwable> failure =
        new java.util.concurrent.atomic.AtomicReference<>();
    Thread copy =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    run();
                  } catch (RuntimeException e) {
                    failure.set(e);
                  }
                });
    assertThat(reached.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();

    copy.interrupt();

    assertThat(copy.join(Duration.ofSeconds(5))).isTrue();
    assertThat(failure.get()).hasMessageContaining("cancelled");
    assertThat(to.tags()).isEmpty();
  }
}
