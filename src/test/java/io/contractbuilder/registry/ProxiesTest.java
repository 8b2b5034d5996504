package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.ImageLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Registries through a proxy, and what the address guard means there. */
@Timeout(60)
class ProxiesTest {
  private static final RegistryCredentials USER =
      new RegistryCredentials("joe", new Secret("proxy-canary"));

  /** The names that are known on this machine. */
  private static final Map<String, String> NAMES =
      Map.of("public.test", "192.0.3.7", "internal.test", "10.1.2.3", "proxy.test", "127.0.0.1");

  @TempDir private Path certs;
  @TempDir private Path other;
  private TlsServer registry;
  private PlayedProxy proxy;
  private TestImage image;

  @BeforeEach
  void start() throws Exception {
    registry = TlsServer.start(other);
    image = registry.registry().push("app", "1", TestImage.oci(1, 100));
    proxy = new PlayedProxy(registry.registry().port(), "", 200);
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
    proxy.close();
  }

  private static InetAddress[] lookup(String name) throws UnknownHostException {
    if (!NAMES.containsKey(name) && !name.matches("[0-9.]+")) {
      throw new UnknownHostException(name);
    }
    return new InetAddress[] {InetAddress.ofLiteral(NAMES.getOrDefault(name, name))};
  }

  private Proxies proxies(@Nullable RegistryCredentials user, String... except) {
    Proxies.Proxy one = new Proxies.Proxy("proxy.test", proxy.port(), user);
    return new Proxies(one, one, List.of(except));
  }

  private RegistryAccess operator() {
    return RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, certs);
  }

  private RegistryAccess stranger(String... allowed) {
    return RegistryAccess.stranger(
        Set.of("internal.test:81"), AllowedAddresses.parse(List.of(allowed)), certs);
  }

  private Digest read(RegistryAccess access, String host) throws IOException {
    TlsServer.put("one-ca.crt", certs.resolve(host).resolve("ca.crt"));
    RegistryClient client =
        new RegistryClient(access, new RefusingRegistries(null), ProxiesTest::lookup, time -> {});
    try (ImageStores stores = new ImageStores(client, false)) {
      return new StoredImages(stores, ImageLimits.DEFAULT)
          .open(ImageReference.parse(host + "/app:1"), null, "amd64")
          .digest();
    }
  }

  @Test
  void operatorsRegistryIsReachedByItsNameThroughATunnel() throws IOException {
    assertThat(read(operator().with(proxies(null)), "unknown-here.test")).isEqualTo(image.digest());

    // One tunnel, kept: for the manifest and the configuration.
    assertThat(proxy.firstLines()).containsExactly("CONNECT unknown-here.test:443 HTTP/1.1");
    assertThat(registry.registry().heads).allMatch(head -> head.contains("[unknown-here.test]"));
  }

  @Test
  void dockersShortNamesAreOfItsRealHost() throws IOException {
    RegistryAccess access = operator().with(proxies(null));

    // The played certificate is for others.
    assertThatThrownBy(() -> read(access, "docker.io")).hasMessageContaining("TLS failed");
    assertThat(proxy.firstLines()).contains("CONNECT registry-1.docker.io:443 HTTP/1.1");
  }

  @Test
  void proxyOfAnEventsRegistryIsToldTheCheckedAddressAndNotTheName() throws IOException {
    assertThat(read(stranger().with(proxies(null)), "public.test")).isEqualTo(image.digest());

    assertThat(proxy.firstLines()).containsExactly("CONNECT 192.0.3.7:443 HTTP/1.1");
    assertThat(registry.registry().heads).allMatch(head -> head.contains("[public.test]"));
  }

  @Test
  void proxyIsNotAskedForAnInternalAddressOfAnEvent() {
    RegistryAccess access = stranger().with(proxies(null));

    assertThatThrownBy(() -> read(access, "internal.test"))
        .hasMessageContaining("internal address 10.1.2.3");
    assertThatThrownBy(() -> read(access, "10.1.2.3:5000"))
        .hasMessageContaining("internal address 10.1.2.3");
    assertThatThrownBy(() -> read(access, "unknown-here.test"))
        .hasMessageContaining("its host is not known");
    assertThat(proxy.heads).isEmpty();
  }

  @Test
  void eventsRegistryThatIsAllowedByItsNameIsGivenToTheProxyByName() throws IOException {
    read(stranger("internal.test").with(proxies(null)), "internal.test");
    read(stranger("unknown-here.test").with(proxies(null)), "unknown-here.test");

    assertThat(proxy.firstLines())
        .containsExactly(
            "CONNECT internal.test:443 HTTP/1.1", "CONNECT unknown-here.test:443 HTTP/1.1");
  }

  @Test
  void whatAnOperatorsRegistryLeadsToIsNotInternalThroughAProxyEither() throws IOException {
    registry
        .registry()
        .behave(
            exchange -> {
              if (!exchange.getRequestURI().getPath().contains("/blobs/")) {
                return false;
              }
              MemoryRegistry.header(307, "Location", "https://internal.test/x").to(exchange);
              return true;
            });

    assertThatThrownBy(() -> read(operator().with(proxies(null)), "public.test"))
        .hasMessageContaining("internal address 10.1.2.3");
    assertThat(proxy.firstLines()).containsExactly("CONNECT public.test:443 HTTP/1.1");
  }

  @Test
  void proxysOwnHostIsNoRegistryForAnEvent() {
    assertThatThrownBy(() -> read(stranger().with(proxies(null)), "proxy.test"))
        .hasMessageContaining("internal address 127.0.0.1");
    assertThat(proxy.heads).isEmpty();
  }

  @Test
  void registryWithoutTlsIsAskedForByItsWholeAddress() throws IOException {
    try (MemoryRegistry plain = new MemoryRegistry();
        PlayedProxy forward = new PlayedProxy(plain.port(), "", 200)) {
      plain.push("app", "1", image);
      Proxies.Proxy one = new Proxies.Proxy("proxy.test", forward.port(), null);
      RegistryAccess access =
          RegistryAccess.operator(Set.of("plain.test:81"), AllowedAddresses.PUBLIC, null)
              .with(new Proxies(null, one, List.of()));

      assertThat(read(access, "plain.test:81")).isEqualTo(image.digest());

      assertThat(forward.firstLines())
          .contains("GET http://plain.test:81/v2/app/manifests/1 HTTP/1.1");
    }
  }

  /** It would look the name up itself. */
  @Test
  void eventsRegistryWithoutTlsIsNotGivenToAProxyUnlessItIsAllowedByName() {
    RegistryAccess access = stranger().with(proxies(null));

    assertThatThrownBy(() -> read(access, "internal.test:81"))
        .hasMessageContaining("internal address 10.1.2.3");
    assertThat(proxy.heads).isEmpty();
  }

  @Test
  void proxysPasswordGoesToItWithTheFirstRequestWithoutTls() throws IOException {
    String basic = "Basic am9lOnByb3h5LWNhbmFyeQ==";
    try (MemoryRegistry plain = new MemoryRegistry();
        PlayedProxy forward = new PlayedProxy(plain.port(), basic, 200);
        PlayedProxy other = new PlayedProxy(plain.port(), "Basic other", 200)) {
      plain.push("app", "1", image);
      RegistryAccess access =
          RegistryAccess.operator(Set.of("plain.test:81"), AllowedAddresses.PUBLIC, null);
      Proxies.Proxy right = new Proxies.Proxy("proxy.test", forward.port(), USER);
      Proxies.Proxy wrong = new Proxies.Proxy("proxy.test", other.port(), USER);

      assertThat(read(access.with(new Proxies(null, right, List.of())), "plain.test:81"))
          .isEqualTo(image.digest());
      assertThat(forward.heads)
          .hasSize(plain.requests.size())
          .allMatch(head -> head.contains("Host: plain.test:81\r\n"));
      assertThatThrownBy(
              () -> read(access.with(new Proxies(null, wrong, List.of())), "plain.test:81"))
          .hasMessageContaining("its proxy proxy.test:" + other.port() + " answered 407")
          .hasMessageNotContaining("canary");
    }
  }

  /** It could answer in the registry's place otherwise. */
  @Test
  void whatAProxySaysBehindItsYesIsNoAnswerOfTheRegistry() throws IOException {
    String more = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
    try (KeepingServer lying = KeepingServer.saying("HTTP/1.1 200 Yes\r\n\r\n" + more)) {
      Proxies.Proxy one = new Proxies.Proxy("proxy.test", lying.port(), null);

      assertThatThrownBy(
              () -> read(operator().with(new Proxies(one, one, List.of())), "public.test"))
          .isInstanceOf(RegistryException.class)
          .hasMessageNotContaining("answered");
      String host = "public.test:443";
      assertThat(lying.requests)
          .containsOnly(
              "CONNECT "
                  + host
                  + " HTTP/1.1\r\nHost: "
                  + host
                  + "\r\nUser-Agent: contract-builder\r\n\r\n");
    }
  }

  @Test
  void proxysPasswordGoesToItAloneWithTheFirstRequest() throws IOException {
    String basic = "Basic am9lOnByb3h5LWNhbmFyeQ==";
    try (PlayedProxy asking = new PlayedProxy(registry.registry().port(), basic, 200)) {
      Proxies.Proxy one = new Proxies.Proxy("proxy.test", asking.port(), USER);
      Proxies both = new Proxies(one, one, List.of());

      assertThat(read(operator().with(both), "public.test")).isEqualTo(image.digest());

      assertThat(asking.heads).hasSize(1);
      assertThat(registry.registry().heads).noneMatch(head -> head.contains("roxy-"));
    }
  }

  @Test
  void wrongPasswordOfTheProxyIsSaidAndNotShown() throws IOException {
    try (PlayedProxy asking = new PlayedProxy(registry.registry().port(), "Basic other", 200)) {
      Proxies.Proxy one = new Proxies.Proxy("proxy.test", asking.port(), USER);

      assertThatThrownBy(
              () -> read(operator().with(new Proxies(one, one, List.of())), "public.test"))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("its proxy proxy.test:" + asking.port() + " answered 407")
          .hasMessageNotContaining("canary");
    }
  }

  @Test
  void proxyThatRefusesIsNamedAndNotTheRegistrysAnswer() throws IOException {
    try (PlayedProxy refusing = new PlayedProxy(registry.registry().port(), "", 403)) {
      Proxies.Proxy one = new Proxies.Proxy("proxy.test", refusing.port(), null);

      assertThatThrownBy(
              () -> read(operator().with(new Proxies(one, one, List.of())), "public.test"))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("its proxy proxy.test:" + refusing.port() + " answered 403")
          .hasMessageContaining("Check HTTPS_PROXY");
    }
  }

  @Test
  void proxyThatIsDownIsNamed() throws IOException {
    proxy.close();

    assertThatThrownBy(() -> read(operator().with(proxies(null)), "public.test"))
        .hasMessageContaining("no connection to its proxy proxy.test:" + proxy.port());
  }

  @Test
  void loopbackIsReachedDirectly() throws IOException {
    assertThat(read(operator().with(proxies(null)), registry.host())).isEqualTo(image.digest());
    assertThat(proxy.heads).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "*, any.test, 443, true",
    "example.org, example.org, 443, true",
    "example.org, EXAMPLE.org, 443, true",
    "example.org, a.example.org, 443, true",
    "example.org, notexample.org, 443, false",
    ".example.org, example.org, 443, false",
    ".example.org, a.example.org, 443, true",
    "*.example.org, a.example.org, 443, true",
    "example.org:5000, example.org, 5000, true",
    "example.org:5000, example.org, 443, false",
    "10.1.2.3, 10.1.2.3, 443, true",
    "10.1.2.3, 10.1.2.4, 443, false",
    "10.1.2.3:5000, 10.1.2.3, 5000, true",
    "10.1.2.3:5000, 10.1.2.3, 443, false",
    "10.0.0.0/8, 10.9.9.9, 443, true",
    "10.0.0.0/8, 11.9.9.9, 443, false",
    "10.0.0.0/99, 10.9.9.9, 443, false",
    "fd00::1, fd00:0::1, 443, true",
    "[fd00::1]:5000, fd00::1, 5000, true",
    "fd00::/8, fd12::1, 443, true",
    "'', localhost, 443, true",
    "'', 127.0.0.5, 443, true",
    "'', ::1, 443, true",
    "'', any.test, 443, false"
  })
  void exceptionsAreReadAsGoReadsThem(String entry, String host, int port, boolean direct) {
    Proxies read = proxies(null, " " + entry + " ");

    assertThat(read.of(true, host, port) == null).isEqualTo(direct);
  }
}
