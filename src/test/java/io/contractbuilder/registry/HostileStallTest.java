package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.PartFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that do not come, or byte by byte. One side of the copy is impatient, the other is not:
 * on a slow machine too it is the hostile server that is given up.
 */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class HostileStallTest {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final TestImage image = TestImage.oci(1, 300_000);
  private HostileCopy copy;

  @AfterEach
  void stop() {
    ended.countDown();
    copy.close();
  }

  private void readImpatiently() throws IOException {
    copy = new HostileCopy(HostileCopy.IMPATIENT, HostileCopy.PATIENT);
    copy.from.push("app", "1", image);
  }

  private void writeImpatiently() throws IOException {
    copy = new HostileCopy(HostileCopy.PATIENT, HostileCopy.IMPATIENT);
    copy.from.push("app", "1", image);
  }

  private void isGivenUp(String host) {
    PartFailure failure = copy.failure();
    assertThat(failure.part()).isEqualTo("registry " + host);
    assertThat(failure).hasMessageContaining("timed out");
    assertThat(failure.retryHelps()).isTrue();
  }

  /** One byte at a time, each within a socket's time-out. */
  private void drip(String path, byte[] body) {
    copy.from.at(path, MemoryRegistry.drip(body, Duration.ofMillis(50), ended));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 70_000})
  void layerThatStallsIsGivenUp(int bytes) throws IOException {
    readImpatiently();
    copy.from.at(
        image.firstLayer(),
        exchange -> {
          exchange.sendResponseHeaders(200, image.firstLayerBytes().length);
          exchange.getResponseBody().write(image.firstLayerBytes(), 0, bytes);
          exchange.getResponseBody().flush();
          MemoryRegistry.await(ended);
        });
    isGivenUp(copy.host());
  }

  @Test
  void layerThatComesByteByByteIsGivenUp() throws IOException {
    readImpatiently();
    drip("/blobs/" + image.firstLayer(), image.firstLayerBytes());
    isGivenUp(copy.host());
  }

  @Test
  void manifestThatComesByteByByteIsGivenUp() throws IOException {
    readImpatiently();
    drip("/manifests/1", image.manifest());
    isGivenUp(copy.host());
  }

  @Test
  void configurationThatComesByteByByteIsGivenUp() throws IOException {
    readImpatiently();
    String config = image.blobs().keySet().stream().toList().getLast();
    drip("/blobs/" + config, image.blobs().values().stream().toList().getLast());
    isGivenUp(copy.host());
  }

  @Test
  void tokenThatComesByteByByteIsGivenUp() throws IOException {
    readImpatiently();
    drip("/token", new byte[1000]);
    copy.from.at(
        "/manifests/1",
        MemoryRegistry.header(
            401, "WWW-Authenticate", "Bearer realm=\"http://" + copy.host() + "/token\""));
    isGivenUp(copy.host());
  }

  @Test
  void answerThatNeverBeginsIsGivenUp() throws IOException {
    readImpatiently();
    copy.from.at("/manifests/1", exchange -> MemoryRegistry.await(ended));
    isGivenUp(copy.host());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT"})
  void uploadThatIsNeverAnsweredIsTheTargetsFault(String method) throws IOException {
    writeImpatiently();
    copy.to.behave(
        exchange -> {
          boolean upload =
              exchange.getRequestMethod().equals(method)
                  && exchange.getRequestURI().getPath().contains("/blobs/uploads/");
          if (upload) {
            MemoryRegistry.await(ended);
          }
          return upload;
        });
    isGivenUp(copy.to.host());
  }

  @Test
  void manifestThatIsNeverAnsweredIsTheTargetsFault() throws IOException {
    writeImpatiently();
    copy.to.behave(
        exchange -> {
          boolean manifest = exchange.getRequestMethod().equals("PUT");
          if (manifest && exchange.getRequestURI().getPath().contains("/manifests/")) {
            MemoryRegistry.await(ended);
          }
          return false;
        });
    isGivenUp(copy.to.host());
  }
}
