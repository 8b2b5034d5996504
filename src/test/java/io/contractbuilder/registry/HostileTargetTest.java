package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.contractbuilder.contract.PartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A target that leads uploads away, or says to have stored something else: one that is seen for the
 * first time, and one that is known to refuse manifests whose blobs are missing, where an upload is
 * begun before the image is read.
 */
@ParameterizedClass
@ValueSource(booleans = {false, true})
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class HostileTargetTest {
  private static final String OTHER_DIGEST = "sha256:" + "0".repeat(64);
  private final CountDownLatch ended = new CountDownLatch(1);
  @Parameter boolean known;
  private TestImage image;
  private HostileCopy copy;

  @BeforeEach
  void start() throws IOException {
    start(HostileCopy.PATIENT);
  }

  private void start(RegistryAccess.Timeouts writing) throws IOException {
    copy = new HostileCopy(HostileCopy.PATIENT, writing);
    image = copy.from.push("app", "1", TestImage.oci(1, 100));
    if (known) {
      copy.knowTarget();
    }
  }

  @AfterEach
  void stop() {
    ended.countDown();
    copy.close();
  }

  private PartFailure failure() {
    PartFailure failure = copy.failure();
    assertThat(failure.part()).isEqualTo("registry " + copy.to.host());
    assertThat(copy.other.requests).isEmpty();
    return failure;
  }

  private void answer(String method, MemoryRegistry.Answer answer) {
    copy.to.behave(
        exchange -> {
          if (!exchange.getRequestMethod().equals(method)
              || !exchange.getRequestURI().getPath().contains("/blobs/uploads/")) {
            return false;
          }
          answer.to(exchange);
          return true;
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://other.example:%2$d/elsewhere",
        "http://127.0.0.1:%2$d/elsewhere",
        "//127.0.0.1:%2$d/elsewhere",
        "http://localhost:%1$d/x",
        "http://127.0.0.1/x",
        "https://127.0.0.1:%1$d/x",
        "http://169.254.169.254/latest/meta-data"
      })
  void uploadSessionOnAnotherHostIsRefused(String location) {
    String elsewhere = location.formatted(copy.to.port(), copy.other.port());
    answer("POST", MemoryRegistry.header(202, "Location", elsewhere));
    assertThat(failure()).hasMessageContaining("an upload session on another host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ftp://127.0.0.1/x",
        "http://joe@127.0.0.1/x",
        "http://127.0.0.1:99999/x",
        "http:///x",
        "mailto:x",
        "http://[::1/x"
      })
  void uploadSessionAtAMalformedAddressIsRefused(String location) {
    answer("POST", MemoryRegistry.header(202, "Location", location));
    assertThat(failure()).hasMessageContaining("an upload session at a malformed address");
  }

  @Test
  void uploadSessionWithoutAddressIsRefused() {
    answer("POST", exchange -> MemoryRegistry.answer(exchange, 202, new byte[0]));
    assertThat(failure()).hasMessageContaining("an upload session at a malformed address");
  }

  @Test
  void uploadThatIsDoneBeforeItIsSentIsRefused() {
    answer("POST", exchange -> MemoryRegistry.answer(exchange, 201, new byte[0]));
    assertThat(failure()).hasMessageContaining("201, though it was not given anything yet");
  }

  @Test
  void uploadThatIsNeverBegunIsGivenUp() throws IOException {
    copy.close();
    start(HostileCopy.IMPATIENT);
    answer("POST", exchange -> MemoryRegistry.await(ended));
    PartFailure failure = failure();
    assertThat(failure).hasMessageContaining("timed out");
    assertThat(failure.retryHelps()).isTrue();
  }

  /** The session may have come by then, or not. */
  @Test
  void hostileSourceLeavesNothingAtATargetButASession() {
    copy.from.at("/manifests/1", MemoryRegistry.endless(200));
    isTheSourcesFault("more than 4194304 bytes");
    assertThat(copy.to.requests)
        .hasSizeLessThanOrEqualTo(known ? 2 : 0)
        .allMatch(r -> r.matches("(POST|DELETE) /v2/contracts/blobs/uploads/1?"));
  }

  /** It would be waited for 25 seconds. */
  @Test
  @Timeout(20)
  void sessionThatDoesNotComeDelaysNoOtherFailure() {
    answer("POST", exchange -> MemoryRegistry.await(ended));
    copy.from.at("/manifests/1", MemoryRegistry.endless(200));
    isTheSourcesFault("more than 4194304 bytes");
    assertThat(copy.to.requests).hasSizeLessThanOrEqualTo(known ? 1 : 0);
  }

  private void isTheSourcesFault(String answer) {
    PartFailure failure = copy.failure();
    assertThat(failure.part()).isEqualTo("registry " + copy.host());
    assertThat(failure).hasMessageContaining(answer);
  }

  /** A known one is believed to refuse the manifest, but not to have the stranger's layer. */
  @Test
  void targetThatRefusesNothingHoldsNoTagOfAFailedCopy() {
    copy.to.refusesMissing = false;
    copy.from.blobs.put(image.firstLayer(), new byte[image.firstLayerBytes().length]);
    assertThat(catchThrowable(copy::run)).isInstanceOf(PartFailure.class);
    assertThat(copy.to.tags()).isEmpty();
  }

  @Test
  void bytesOfOurOwnThatAreRefusedAreTheTargetsFault() {
    String body = "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}";
    copy.to.behave(
        exchange -> {
          boolean ours =
              exchange.getRequestMethod().equals("PUT")
                  && exchange.getRequestURI().getPath().contains("/blobs/uploads/")
                  && !exchange.getRequestURI().getQuery().contains(image.firstLayer());
          if (ours) {
            MemoryRegistry.answer(exchange, 400, body.getBytes(StandardCharsets.UTF_8));
          }
          return ours;
        });
    assertThat(failure()).hasMessageContaining("400 (DIGEST_INVALID");
  }

  @Test
  void uploadStoredUnderAnotherDigestIsRefused() {
    answer("PUT", MemoryRegistry.header(201, "Docker-Content-Digest", OTHER_DIGEST));
    assertThat(failure()).hasMessageContaining("stored under another digest");
  }

  @Test
  void manifestStoredUnderAnotherDigestIsRefused() {
    answerManifests(MemoryRegistry.header(201, "Docker-Content-Digest", OTHER_DIGEST));
    assertThat(failure()).hasMessageContaining("stored under another digest");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400, 413, 507})
  void uploadThatIsNotTakenIsTheTargetsFault(int status) {
    answer("PUT", MemoryRegistry.header(status, "Location", copy.elsewhere("other.example")));
    assertThat(failure()).hasMessageContaining("" + status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"POST 503", "POST 429", "PUT 500", "PUT 502", "PUT 503", "PUT 504", "PUT 429"})
  void stormOfFailuresForAnUploadEnds(String storm) {
    String[] what = storm.split(" ", -1);
    int status = Integer.parseInt(what[1]);
    answer(what[0], MemoryRegistry.header(status, "Retry-After", "3600"));
    PartFailure failure = failure();
    assertThat(failure).hasMessageContaining(what[1]);
    assertThat(failure.retryHelps()).isTrue();
    // The layer, the watchdog's layer and the configuration.
    assertThat(copy.to.count(what[0] + " /v2/contracts/blobs"))
        .isBetween((long) Requests.ATTEMPTS, 3L * Requests.ATTEMPTS);
  }

  private void answerManifests(MemoryRegistry.Answer answer) {
    copy.to.behave(
        exchange -> {
          boolean manifest = exchange.getRequestURI().getPath().contains("/manifests/");
          if (manifest) {
            answer.to(exchange);
          }
          return manifest;
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void stormOfFailuresForAManifestEnds(int status) {
    answerManifests(MemoryRegistry.header(status, "Retry-After", "3600"));
    PartFailure failure = failure();
    assertThat(failure).hasMessageContaining("" + status);
    assertThat(failure.retryHelps()).isTrue();
    assertThat(copy.to.count("PUT /v2/contracts/manifests")).isEqualTo(Requests.ATTEMPTS);
  }

  @Test
  void endlessAnswerToAStoredManifestIsCutOff() {
    answerManifests(MemoryRegistry.endless(201));
    assertThat(failure()).hasMessageContaining("more than 1048576 bytes");
  }

  @Test
  void endlessAnswerToAnUploadIsCutOff() {
    answer("PUT", MemoryRegistry.endless(201));
    assertThat(failure()).hasMessageContaining("more than 1048576 bytes");
  }

  @Test
  void endlessAnswerWithAnUploadSessionIsNotRead() {
    answer(
        "POST",
        exchange -> {
          exchange.getResponseHeaders().add("Location", exchange.getRequestURI().getPath() + "1");
          MemoryRegistry.endless(202).to(exchange);
        });
    assertThat(copy.run().platforms()).containsExactly("linux/amd64");
  }

  @Test
  void endlessRefusalOfAManifestIsCutOff() {
    answerManifests(MemoryRegistry.endless(400));
    assertThat(failure()).hasMessageContaining("more than 1048576 bytes");
  }

  @Test
  void refusalWithAMessageOfAMebibyteIsReadInTime() {
    String body = "{\"errors\":[{\"code\":\"X\",\"message\":\"" + "?".repeat(1_000_000) + "\"}]}";
    answerManifests(
        exchange -> MemoryRegistry.answer(exchange, 400, body.getBytes(StandardCharsets.UTF_8)));
    assertThat(failure()).hasMessageContaining("400 (X: ");
    assertThat(failure().getMessage()).hasSizeLessThan(1000);
  }

  @Test
  void manifestThatMissesBlobsOfAnotherImageIsNotServedThem() {
    String body =
        "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\",\"detail\":\"" + OTHER_DIGEST + "\"}]}";
    answerManifests(
        exchange -> MemoryRegistry.answer(exchange, 400, body.getBytes(StandardCharsets.UTF_8)));
    assertThat(failure()).hasMessageContaining("storing the manifest");
    assertThat(copy.from.requests).noneMatch(r -> r.contains(OTHER_DIGEST));
  }
}
