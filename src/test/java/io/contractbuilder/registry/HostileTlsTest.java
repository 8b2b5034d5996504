package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry with TLS that leads out of it: to another server of its host, even an allowed one. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class HostileTlsTest {
  private static final ContractId CONTRACT = HostileCopy.CONTRACT;
  @TempDir private Path certs;
  @TempDir private Path keys;
  private TlsServer secure;
  private MemoryRegistry plain;
  private MemoryRegistry elsewhere;

  @BeforeEach
  void start() throws Exception {
    secure = TlsServer.start(keys);
    plain = new MemoryRegistry();
    elsewhere = new MemoryRegistry();
    TlsServer.put("one-ca.crt", certs.resolve(secure.host()).resolve("ca.crt"));
  }

  @AfterEach
  void stop() {
    secure.close();
    plain.close();
    elsewhere.close();
  }

  private String address(String path) {
    return "http://" + elsewhere.host() + path;
  }

  /** Runs the copy, which must fail with this, with nothing asked elsewhere and nothing told. */
  private void isRefused(String from, String to, String answer) {
    AllowedAddresses allowed = AllowedAddresses.PUBLIC.and("127.0.0.1");
    Set<String> without = Set.of(plain.host());
    var refusing = new RefusingRegistries(null);
    try (var sources =
            new ImageStores(
                new RegistryClient(RegistryAccess.stranger(without, allowed, certs), refusing),
                false);
        var targets =
            new ImageStores(
                new RegistryClient(RegistryAccess.operator(without, allowed, certs), refusing),
                false)) {
      Throwable failure =
          catchThrowable(
              () ->
                  new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT)
                      .wrap(
                          new ImageWrap.Input(
                              ImageReference.parse(from + "/app:1"),
                              new RegistryCredentials(
                                  HostileCopy.USER, new Secret(HostileCopy.PASSWORD)),
                              TestWatchdog.BOTH,
                              CONTRACT),
                          sources,
                          targets,
                          ImageReference.parse(to + "/contracts:" + CONTRACT),
                          null,
                          CopyListeners.NONE));
      assertThat(failure)
          .isInstanceOf(RegistryException.class)
          .hasMessageStartingWith("registry " + secure.host() + ": ")
          .hasMessageContaining(answer)
          .hasMessageNotContaining(HostileCopy.PASSWORD);
    }
    assertThat(elsewhere.requests).isEmpty();
    assertThat(plain.tags()).doesNotContainKey("contracts@" + CONTRACT);
    HostileCopy.assertNothingTold(plain);
    HostileCopy.assertNothingTold(secure.registry());
  }

  @Test
  void redirectOfABlobOutOfTlsIsNotFollowed() {
    TestImage image = secure.registry().push("app", "1", TestImage.oci(1, 100));
    secure
        .registry()
        .at("/blobs/" + image.firstLayer(), MemoryRegistry.header(307, "Location", address("/x")));
    isRefused(secure.host(), plain.host(), "a redirect out of TLS");
    assertThat(plain.blobs).doesNotContainKey(image.firstLayer());
  }

  @Test
  void tokenServiceOutOfTlsGetsNothing() {
    secure
        .registry()
        .at(
            "/manifests/1",
            MemoryRegistry.header(
                401, "WWW-Authenticate", "Bearer realm=\"" + address("/token") + "\""));
    isRefused(secure.host(), plain.host(), "a token service without TLS (" + elsewhere.host());
    assertThat(plain.requests).isEmpty();
  }

  @Test
  void uploadSessionOutOfTlsIsRefused() {
    plain.push("app", "1", TestImage.oci(1, 100));
    secure
        .registry()
        .at("/blobs/uploads/", MemoryRegistry.header(202, "Location", address("/session")));
    isRefused(plain.host(), secure.host(), "an upload session on another host");
    assertThat(secure.registry().tags()).isEmpty();
  }

  /** The same port, where an answer to what is not TLS would be anyone's. */
  @Test
  void uploadSessionWithoutTlsAtTheSamePortIsRefused() {
    plain.push("app", "1", TestImage.oci(1, 100));
    String session = "http://" + secure.host() + "/v2/contracts/blobs/uploads/1";
    secure.registry().at("/blobs/uploads/", MemoryRegistry.header(202, "Location", session));
    isRefused(plain.host(), secure.host(), "an upload session on another host");
  }
}
