package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.PartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A target that leads uploads away, or says to have stored something else. */
@Timeout(60)
class HostileTargetTest {
  private static final String OTHER_DIGEST = "sha256:" + "0".repeat(64);
  private HostileCopy copy;

  @BeforeEach
  void start() throws IOException {
    copy = new HostileCopy();
    copy.from.push("app", "1", TestImage.oci(1, 100));
  }

  @AfterEach
  void stop() {
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

  @Test
  void uploadSessionOnAnotherHostIsRefused() {
    answer("POST", MemoryRegistry.header(202, "Location", copy.elsewhere("other.example")));
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
  void uploadStoredUnderAnotherDigestIsRefused() {
    answer("PUT", MemoryRegistry.header(201, "Docker-Content-Digest", OTHER_DIGEST));
    assertThat(failure()).hasMessageContaining("stored under another digest");
  }

  @Test
  void manifestStoredUnderAnotherDigestIsRefused() {
    copy.to.behave(
        exchange -> {
          boolean manifest = exchange.getRequestURI().getPath().contains("/manifests/");
          if (manifest) {
            MemoryRegistry.header(201, "Docker-Content-Digest", OTHER_DIGEST).to(exchange);
          }
          return manifest;
        });
    assertThat(failure()).hasMessageContaining("stored under another digest");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400, 413, 507})
  void uploadThatIsNotTakenIsTheTargetsFault(int status) {
    answer("PUT", MemoryRegistry.header(status, "Location", copy.elsewhere("other.example")));
    assertThat(failure()).hasMessageContaining("" + status);
  }

  @Test
  void stormOfFailuresForAnUploadEnds() {
    answer("PUT", MemoryRegistry.header(503, "Retry-After", "3600"));
    assertThat(failure()).hasMessageContaining("503");
    assertThat(copy.to.count("PUT /v2/contracts/blobs")).isLessThanOrEqualTo(12);
  }

  @Test
  void endlessRefusalOfAManifestIsCutOff() {
    copy.to.behave(
        exchange -> {
          boolean manifest = exchange.getRequestURI().getPath().contains("/manifests/");
          if (manifest) {
            MemoryRegistry.endless(400).to(exchange);
          }
          return manifest;
        });
    assertThat(failure()).hasMessageContaining("more than 1048576 bytes");
  }

  @Test
  void refusalWithAMessageOfAMebibyteIsReadInTime() {
    String body = "{\"errors\":[{\"code\":\"X\",\"message\":\"" + "?".repeat(1_000_000) + "\"}]}";
    copy.to.behave(
        exchange -> {
          boolean manifest = exchange.getRequestURI().getPath().contains("/manifests/");
          if (manifest) {
            MemoryRegistry.answer(exchange, 400, body.getBytes(StandardCharsets.UTF_8));
          }
          return manifest;
        });
    assertThat(failure()).hasMessageContaining("400 (X: ");
    assertThat(failure().getMessage()).hasSizeLessThan(1000);
  }

  @Test
  void manifestThatMissesBlobsOfAnotherImageIsNotServedThem() {
    String body =
        "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\",\"detail\":\"" + OTHER_DIGEST + "\"}]}";
    copy.to.behave(
        exchange -> {
          boolean manifest = exchange.getRequestURI().getPath().contains("/manifests/");
          if (manifest) {
            MemoryRegistry.answer(exchange, 400, body.getBytes(StandardCharsets.UTF_8));
          }
          return manifest;
        });
    assertThat(failure()).hasMessageContaining("storing the manifest");
    assertThat(copy.from.requests).noneMatch(r -> r.contains(OTHER_DIGEST));
  }
}
