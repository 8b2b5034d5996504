package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.PartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that do not end, break off, or are too many. */
@Timeout(60)
class HostileAnswerTest {
  private final CountDownLatch ended = new CountDownLatch(1);
  private HostileCopy copy;
  private TestImage image;

  @BeforeEach
  void start() throws IOException {
    copy = new HostileCopy();
    image = copy.from.push("app", "1", TestImage.oci(1, 300_000));
  }

  @AfterEach
  void stop() {
    ended.countDown();
    copy.close();
  }

  private String config() {
    return image.blobs().keySet().stream().toList().getLast();
  }

  private PartFailure failure() {
    PartFailure failure = copy.failure();
    assertThat(failure.part()).isEqualTo("registry " + copy.host());
    return failure;
  }

  @Test
  void endlessManifestIsCutOffAtFourMebibytes() {
    copy.from.at("/manifests/1", MemoryRegistry.endless(200));
    assertThat(failure()).hasMessageContaining("more than 4194304 bytes");
  }

  @Test
  void manifestDeclaredTooLongIsNotRead() {
    copy.from.at(
        "/manifests/1",
        exchange -> {
          exchange.sendResponseHeaders(200, 1L << 40);
          exchange.getResponseBody().flush();
          MemoryRegistry.await(ended);
        });
    assertThat(failure()).hasMessageContaining("more than 4194304 bytes");
  }

  @Test
  void endlessConfigurationIsCutOffAtItsSize() {
    copy.from.at(config(), MemoryRegistry.endless(200));
    assertThat(failure()).hasMessageContaining("bytes declared");
  }

  @Test
  void endlessLayerIsCutOffAtItsSize() {
    copy.from.at(image.firstLayer(), MemoryRegistry.endless(200));
    assertThat(failure()).hasMessageContaining("more than the " + image.firstLayerBytes().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 429, 500, 503})
  void endlessErrorBodyIsCutOff(int status) {
    copy.from.at("/manifests/1", MemoryRegistry.endless(status));
    assertThat(failure().answer()).containsAnyOf("" + status, "more than 65536 bytes");
  }

  @Test
  void endlessBodyOfARedirectIsNotRead() {
    copy.from.at(
        "/blobs/" + image.firstLayer(),
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          MemoryRegistry.endless(307).to(exchange);
        });
    copy.from.at("/elsewhere", e -> MemoryRegistry.answer(e, 200, image.firstLayerBytes()));

    assertThat(copy.run().platforms()).containsExactly("linux/amd64");
    assertThat(copy.to.blobs.get(image.firstLayer())).isEqualTo(image.firstLayerBytes());
  }

  @Test
  void endlessTokenIsCutOff() {
    copy.from.at("/token", MemoryRegistry.endless(200));
    copy.from.at(
        "/manifests/1",
        MemoryRegistry.header(
            401, "WWW-Authenticate", "Bearer realm=\"http://" + copy.host() + "/token\""));
    assertThat(failure()).hasMessageContaining("more than 65536 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "no JSON", "[]", "{}", "{\"token\":7}", "{\"token\":\"a\\r\\nX: y\"}", "7"})
  void tokenThatIsNoneIsRefused(String body) {
    copy.from.at(
        "/token", e -> MemoryRegistry.answer(e, 200, body.getBytes(StandardCharsets.UTF_8)));
    copy.from.behave(
        exchange -> {
          if ("Bearer 7".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return false;
          }
          MemoryRegistry.header(
                  401, "WWW-Authenticate", "Bearer realm=\"http://" + copy.host() + "/token\"")
              .to(exchange);
          return true;
        });
    if (body.equals("{\"token\":7}")) {
      assertThat(copy.run().platforms()).containsExactly("linux/amd64");
    } else {
      assertThat(failure()).hasMessageContaining("asking its token service " + copy.host());
    }
  }

  @Test
  void registryThatNeverHasEnoughOfCredentialsIsAskedTwice() {
    copy.from.at(
        "/manifests/1", MemoryRegistry.header(401, "WWW-Authenticate", "Basic realm=\"x\""));
    assertThat(failure()).hasMessageContaining("401").hasMessageContaining("Give credentials");
    assertThat(copy.from.requests).hasSize(2);
  }

  private void isTooLong(PartFailure failure) {
    assertThat(failure)
        .hasMessageContaining("a head of more than 100 lines, or a line of more than 8192 bytes")
        .hasMessageContaining("broken or hostile");
    assertThat(failure.retryHelps()).isFalse();
    assertThat(copy.from.requests).hasSize(1);
  }

  @Test
  void floodOfHeadersIsCutOff() {
    copy.from.at(
        "/manifests/1",
        exchange -> {
          for (int i = 0; i < 5_000; i++) {
            exchange.getResponseHeaders().add("X-Flood-" + i, "x");
          }
          MemoryRegistry.answer(exchange, 200, image.manifest());
        });
    isTooLong(failure());
  }

  @Test
  void endlessHeaderIsCutOff() {
    copy.from.at("/manifests/1", MemoryRegistry.header(200, "X-Long", "x".repeat(4 << 20)));
    isTooLong(failure());
  }

  @Test
  void longChallengesAreReadInTime() {
    copy.from.at(
        "/manifests/1",
        exchange -> {
          for (int i = 0; i < 90; i++) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "a,".repeat(4_000));
          }
          MemoryRegistry.answer(exchange, 401, new byte[0]);
        });
    assertThat(failure()).hasMessageContaining("401");
  }

  @Test
  void layerThatBreaksOffEachTimeIsGivenUp() {
    AtomicInteger times = new AtomicInteger();
    copy.from.at(
        image.firstLayer(),
        exchange -> {
          times.incrementAndGet();
          exchange.sendResponseHeaders(200, image.firstLayerBytes().length);
          exchange.getResponseBody().write(image.firstLayerBytes(), 0, 1000);
          throw new IOException("cut");
        });
    assertThat(failure()).hasMessageContaining("the connection broke");
    assertThat(times).hasValue(Requests.ATTEMPTS);
  }

  @Test
  void resumedLayerOfAnotherRangeIsRefused() {
    AtomicInteger times = new AtomicInteger();
    copy.from.at(
        image.firstLayer(),
        exchange -> {
          if (times.getAndIncrement() > 0) {
            exchange.getResponseHeaders().add("Content-Range", "bytes 0-9/10");
            MemoryRegistry.answer(exchange, 206, new byte[10]);
            return;
          }
          exchange.sendResponseHeaders(200, image.firstLayerBytes().length);
          exchange.getResponseBody().write(image.firstLayerBytes(), 0, 100_000);
          exchange.getResponseBody().flush();
          throw new IOException("cut");
        });
    assertThat(failure()).hasMessageContaining("another range than asked for");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "7", "3600", "999999999999", "Wed, 21 Oct 2099 07:28:00 GMT", "-1"})
  void limitOfRequestsWithAnyRetryAfterIsWaitedForNotTooLong(String after) {
    copy.from.at("/manifests/1", MemoryRegistry.header(429, "Retry-After", after));
    assertThat(failure().retryHelps()).isTrue();
    assertThat(copy.from.requests).hasSize(Requests.ATTEMPTS);
    assertThat(copy.paused()).isLessThanOrEqualTo(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 429})
  void stormOfFailuresForALayerEnds(int status) {
    copy.from.at(image.firstLayer(), MemoryRegistry.header(status, "Retry-After", "3600"));
    assertThat(failure()).hasMessageContaining("" + status);
    assertThat(copy.from.requests)
        .filteredOn(r -> r.contains(image.firstLayer()))
        .hasSize(Requests.ATTEMPTS);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void stormOfFailuresForAManifestEnds(int status) {
    copy.from.at("/manifests/1", MemoryRegistry.header(status, "Retry-After", "3600"));
    assertThat(failure()).hasMessageContaining("" + status);
    assertThat(copy.from.requests).hasSize(Requests.ATTEMPTS);
    assertThat(copy.to.deliveries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void tokenServiceThatFailsIsNamed(int status) {
    copy.from.at("/token", MemoryRegistry.header(status, "Retry-After", "3600"));
    copy.from.at(
        "/manifests/1",
        MemoryRegistry.header(
            401, "WWW-Authenticate", "Bearer realm=\"http://" + copy.host() + "/token\""));
    PartFailure failure = failure();
    assertThat(failure)
        .hasMessageContaining("asking its token service " + copy.host())
        .hasMessageContaining("" + status);
    assertThat(failure.retryHelps()).isTrue();
  }

  @Test
  void manifestThatBreaksOffEachTimeIsGivenUp() {
    AtomicInteger times = new AtomicInteger();
    copy.from.at(
        "/manifests/1",
        exchange -> {
          times.incrementAndGet();
          exchange.sendResponseHeaders(200, image.manifest().length);
          exchange.getResponseBody().write(image.manifest(), 0, 100);
          throw new IOException("cut");
        });
    assertThat(failure()).hasMessageContaining("the connection broke");
    assertThat(times).hasValue(Requests.ATTEMPTS);
  }

  @Test
  void layerOfWrongBytesIsRefusedByTheTarget() {
    copy.from.blobs.put(image.firstLayer(), new byte[image.firstLayerBytes().length]);
    PartFailure failure = copy.failure();
    assertThat(failure.part()).isEqualTo("registry " + copy.host());
    assertThat(failure).hasMessageContaining("not those of the digest");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void layerOfAnotherSizeIsRefused(int difference) {
    int size = image.firstLayerBytes().length;
    copy.from.blobs.put(image.firstLayer(), new byte[size + difference]);
    assertThat(failure())
        .hasMessageContaining((size + difference) + " bytes, where the manifest says " + size);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void layerOfAnotherSizeThatIsNotDeclaredIsRefused(int difference) {
    byte[] body = new byte[image.firstLayerBytes().length + difference];
    copy.from.at(
        image.firstLayer(),
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(body);
        });
    assertThat(failure())
        .hasMessageContaining(difference > 0 ? "bytes declared" : "the connection broke");
  }
}
