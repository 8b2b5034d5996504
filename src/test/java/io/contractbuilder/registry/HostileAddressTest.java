package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.PartFailure;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that leads to where it should not: by its realm, by redirects, by its name. */
@Timeout(60)
class HostileAddressTest {
  private HostileCopy copy;

  @BeforeEach
  void start() throws IOException {
    copy = new HostileCopy();
  }

  @AfterEach
  void stop() {
    copy.close();
  }

  private PartFailure failureWithRealm(String realm) {
    copy.from.behave(
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"s\"");
          MemoryRegistry.answer(exchange, 401, new byte[0]);
          return true;
        });
    PartFailure failure = copy.failure();
    assertThat(failure.part()).isEqualTo("registry " + copy.host());
    assertThat(copy.from.heads).noneMatch(h -> h.contains("Authorization"));
    return failure;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.9:1/token",
        "https://[::1]:1/token",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/token",
        "https://192.168.1.1/token",
        "https://[fd00::1]/token",
        "https://internal.example/token"
      })
  void tokenRealmAtAnInternalAddressGetsNothing(String realm) {
    assertThat(failureWithRealm(realm)).hasMessageContaining("which is not allowed");
    assertThat(copy.other.requests).isEmpty();
  }

  @Test
  void tokenRealmWithoutTlsElsewhereGetsNothing() {
    assertThat(failureWithRealm("http://third.example:" + copy.other.port() + "/token"))
        .hasMessageContaining("a token service without TLS (third.example");
    assertThat(copy.other.requests).isEmpty();
  }

  @Test
  void tokenRealmWhoseNameIsOfAnInternalAddressGetsNothing() {
    assertThat(failureWithRealm(copy.elsewhere("internal.example")))
        .hasMessageContaining("internal.example is the internal address 127.0.0.2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "token",
        "/token",
        "ftp://registry.example/token",
        "file:///etc/passwd",
        "http://joe@registry.example/token",
        "https://registry.example:99999/token",
        "https://registry.example:0/token",
        "https:///token",
        "mailto:joe",
        "https://a b/token"
      })
  void malformedTokenRealmIsRefused(String realm) {
    assertThat(failureWithRealm(realm))
        .hasMessageContaining("a token service whose address is malformed");
  }

  private PartFailure failureWithRedirectOf(String what, String location) {
    TestImage image = copy.from.push("app", "1", TestImage.oci(1, 100));
    String path =
        switch (what) {
          case "manifest" -> "/manifests/1";
          case "configuration" -> image.blobs().keySet().stream().toList().getLast();
          default -> image.firstLayer();
        };
    copy.from.at(path, MemoryRegistry.header(307, "Location", location));
    PartFailure failure = copy.failure();
    assertThat(failure.part()).isEqualTo("registry " + copy.host());
    assertThat(copy.other.requests).isEmpty();
    return failure;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.9:1/x",
        "http://[::1]:1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x",
        "http://2130706433/x"
      })
  void redirectOfABlobToAnInternalAddressIsNotFollowed(String location) {
    copy.names.put("2130706433", List.of("127.0.0.2"));
    assertThat(failureWithRedirectOf("blob", location))
        .hasMessageContaining("which is not allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"blob", "configuration"})
  void redirectOfABlobToANameOfAnInternalAddressIsNotFollowed(String what) {
    assertThat(failureWithRedirectOf(what, copy.elsewhere("internal.example")))
        .hasMessageContaining("internal.example is the internal address 127.0.0.2");
  }

  @Test
  void redirectOfAManifestIsNotFollowedAnywhere() {
    assertThat(failureWithRedirectOf("manifest", copy.elsewhere("other.example")))
        .hasMessageContaining("307");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "http://", "gopher://other.example/x", "http://other.example:70000/", "a b"})
  void redirectOfABlobToAMalformedAddressIsNotFollowed(String location) {
    assertThat(failureWithRedirectOf("blob", location))
        .hasMessageContaining("a redirect to a malformed address");
  }

  @Test
  void redirectsInALoopEndAfterFive() {
    TestImage image = copy.from.push("app", "1", TestImage.oci(1, 100));
    copy.from.at(
        image.firstLayer(),
        exchange ->
            MemoryRegistry.header(302, "Location", exchange.getRequestURI().getPath())
                .to(exchange));

    assertThat(copy.failure()).hasMessageContaining("more than 5 redirects");
    assertThat(copy.from.requests).filteredOn(r -> r.contains(image.firstLayer())).hasSize(6);
  }

  @Test
  void redirectsBetweenTwoHostsEndAfterFiveWithoutCredentialsForTheOther() {
    TestImage image = copy.from.push("app", "1", TestImage.oci(1, 100));
    copy.from.behave(HostileAddressTest::requireBasic);
    copy.from.at(
        image.firstLayer(),
        MemoryRegistry.header(307, "Location", copy.elsewhere("other.example")));
    copy.other.at(
        "/elsewhere",
        MemoryRegistry.header(
            307, "Location", "http://" + copy.host() + "/v2/app/blobs/" + image.firstLayer()));

    assertThat(copy.failure()).hasMessageContaining("more than 5 redirects");
    assertThat(copy.other.requests).hasSize(3);
  }

  @Test
  void tokenServiceThatLeadsElsewhereIsNotFollowed() {
    copy.from.at("/token", MemoryRegistry.header(307, "Location", copy.elsewhere("other.example")));
    copy.from.at(
        "/manifests/1",
        MemoryRegistry.header(
            401, "WWW-Authenticate", "Bearer realm=\"http://" + copy.host() + "/token\""));

    assertThat(copy.failure())
        .hasMessageContaining("asking its token service " + copy.host())
        .hasMessageContaining("307");
    assertThat(copy.other.requests).isEmpty();
  }

  @Test
  void redirectToAnotherOriginCarriesNoCredentialsAndComesBackWithThem() {
    TestImage image = copy.from.push("app", "1", TestImage.oci(1, 100));
    copy.other.push("app", "1", image);
    copy.from.behave(HostileAddressTest::requireBasic);
    copy.from.at(
        "/blobs/" + image.firstLayer(),
        MemoryRegistry.header(307, "Location", copy.elsewhere("other.example")));
    copy.other.at(
        "/elsewhere", exchange -> MemoryRegistry.answer(exchange, 200, image.firstLayerBytes()));

    copy.run();

    assertThat(copy.other.requests).containsExactly("GET /elsewhere");
    HostileCopy.assertNothingTold(copy.other);
    HostileCopy.assertNothingTold(copy.to);
    assertThat(copy.from.authorizations).contains(HostileCopy.BASIC);
  }

  static boolean requireBasic(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
    if (HostileCopy.BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      return false;
    }
    MemoryRegistry.header(401, "WWW-Authenticate", "Basic realm=\"x\"").to(exchange);
    return true;
  }

  @Test
  void elsewhereAsksForCredentialsAndGetsNone() {
    TestImage image = copy.from.push("app", "1", TestImage.oci(1, 100));
    copy.from.behave(HostileAddressTest::requireBasic);
    copy.from.at(
        "/blobs/" + image.firstLayer(),
        MemoryRegistry.header(307, "Location", copy.elsewhere("other.example")));
    copy.other.at("/elsewhere", MemoryRegistry.header(401, "WWW-Authenticate", "Basic realm=\"\""));

    assertThat(copy.failure()).hasMessageContaining("401");
    assertThat(copy.other.requests).hasSize(1);
  }

  @Test
  void nameOfAnInternalAddressIsNotConnectedTo() {
    assertThat(copy.failure("internal.example:" + copy.other.port() + "/app:1"))
        .hasMessageContaining("internal.example is the internal address 127.0.0.2");
    assertThat(copy.other.requests).isEmpty();
  }

  @Test
  void nameThatResolvesToAnInternalAddressOnlyTheSecondTimeIsNotConnectedTo() {
    TestImage image = copy.from.push("app", "1", TestImage.oci(4, 100));
    copy.names.put("rebound.example", List.of("127.0.0.1"));
    copy.rebound.put("rebound.example", "127.0.0.2");
    for (String layer : image.blobs().keySet()) {
      copy.from.at(
          "/blobs/" + layer,
          MemoryRegistry.header(
              307, "Location", copy.elsewhere("rebound.example") + "/blobs/" + layer));
    }
    copy.other.push("app", "1", image);
    copy.other.behave(
        exchange -> {
          exchange.getResponseHeaders().add("Connection", "close");
          return false;
        });

    assertThat(copy.failure())
        .hasMessageContaining("rebound.example is the internal address 127.0.0.2");
    assertThat(copy.other.requests).hasSize(1);
  }

  @Test
  void registryWhoseNameBecomesInternalIsNotConnectedToAgain() {
    copy.from.push("app", "1", TestImage.oci(4, 100));
    copy.rebound.put("registry.example", "127.0.0.2");
    copy.from.behave(
        exchange -> {
          exchange.getResponseHeaders().add("Connection", "close");
          return false;
        });

    PartFailure failure = copy.failure();

    assertThat(failure.part()).isEqualTo("registry " + copy.host());
    assertThat(failure).hasMessageContaining("registry.example is the internal address 127.0.0.2");
    assertThat(copy.from.requests).containsExactly("GET /v2/app/manifests/1");
  }
}
