package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsExchange;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.ImageLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in a registry's folder of certs.d: its CAs, and certificates that we show. */
@Timeout(60)
class RegistryCertificatesTest {
  @TempDir private Path certs;
  @TempDir private Path other;
  private TlsServer server;
  private TestImage image;

  @BeforeEach
  void start() throws Exception {
    server = TlsServer.start(other);
    image = server.registry().push("app", "1", TestImage.oci(1, 100));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Path folder() {
    return certs.resolve(server.host());
  }

  private Digest read(@Nullable Path folder) {
    return read(RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, folder));
  }

  private Digest read(RegistryAccess access) {
    return read(server.host(), new RegistryClient(access, new RefusingRegistries(null)));
  }

  private static Digest read(String host, RegistryClient client) {
    try (ImageStores stores = new ImageStores(client, false)) {
      return new StoredImages(stores, ImageLimits.DEFAULT)
          .open(ImageReference.parse(host + "/app:1"), null, "amd64")
          .digest();
    }
  }

  @Test
  void authorityOfTheRegistryIsTrusted() throws IOException {
    TlsServer.put("one-ca.crt", folder().resolve("ca.crt"));

    assertThat(read(certs)).isEqualTo(image.digest());
    assertThat(server.clients()).containsOnly("");
  }

  @Test
  void authorityIsTrustedForAnEventsRegistryToo() throws IOException {
    TlsServer.put("one-ca.crt", folder().resolve("ca.crt"));
    AllowedAddresses allowed = AllowedAddresses.PUBLIC.and("127.0.0.1");

    assertThat(read(RegistryAccess.stranger(Set.of(), allowed, certs))).isEqualTo(image.digest());
  }

  @Test
  void registryIsToldWhichOfItsNamesIsMeant() throws IOException {
    List<String> names = new CopyOnWriteArrayList<>();
    server
        .registry()
        .behave(
            exchange -> {
              SSLSession session = ((HttpsExchange) exchange).getSSLSession();
              names.add(((ExtendedSSLSession) session).getRequestedServerNames().toString());
              return false;
            });
    String host = "localhost:" + server.registry().port();
    TlsServer.put("one-ca.crt", certs.resolve(host).resolve("ca.crt"));
    RegistryAccess access = RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, certs);

    assertThat(read(host, new RegistryClient(access, new RefusingRegistries(null))))
        .isEqualTo(image.digest());
    assertThat(names).isNotEmpty().allMatch(name -> name.contains("localhost"));
  }

  @Test
  void registryElsewhereIsNeverAskedWithoutTls() throws IOException {
    List<Integer> first = new CopyOnWriteArrayList<>();
    try (SocketServer plain =
        new SocketServer() {
          @Override
          void serve(Socket socket, InputStream in) throws IOException {
            first.add(in.read());
          }
        }) {
      plain.start();
      RegistryClient client =
          new RegistryClient(
              RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
              new RefusingRegistries(null),
              host -> InetAddress.getAllByName("127.0.0.1"),
              time -> {});

      assertThatThrownBy(() -> read("registry.example:" + plain.port(), client))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("registry.example:" + plain.port());
      // A record of TLS (RFC 8446, section 5.1), of the type handshake.
      assertThat(first).isNotEmpty().containsOnly(22);
    }
  }

  @Test
  void folderMayBeNamedAsContainerdNamesIt() throws IOException {
    String name = server.host().replace(":", "_") + "_";
    TlsServer.put("one-ca.crt", certs.resolve(name).resolve("any.crt"));

    assertThat(read(certs)).isEqualTo(image.digest());
  }

  @Test
  void anotherAuthorityIsRefusedWithWhereToPutTheRightOne() throws IOException {
    TlsServer.put("other-ca.crt", folder().resolve("ca.crt"));

    assertThatThrownBy(() -> read(certs))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("TLS failed")
        .hasMessageContaining("certs.d/<host>/ca.crt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsOfTlsAreSpoken(String version) throws Exception {
    server.close();
    server = TlsServer.start(other, version);
    image = server.registry().push("app", "1", TestImage.oci(1, 100));
    TlsServer.put("one-ca.crt", folder().resolve("ca.crt"));

    assertThat(read(certs)).isEqualTo(image.digest());
  }

  @Test
  void trustedCertificateOfAnotherHostIsRefusedBeforeAnythingIsAsked() throws IOException {
    String other = server.host().replace("127.0.0.1", "registry.example.org");
    TlsServer.put("one-ca.crt", certs.resolve(other).resolve("ca.crt"));
    RegistryAccess access = RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, certs);
    RegistryClient client =
        new RegistryClient(
            access,
            new RefusingRegistries(null),
            name -> new InetAddress[] {InetAddress.getLoopbackAddress()},
            pause -> {});

    assertThatThrownBy(() -> read(other, client))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("TLS failed")
        .hasMessageContaining("registry.example.org");
    assertThat(server.clients()).isEmpty();
  }

  /** As Docker and containerd add a registry's CA to the system's. */
  @Test
  void whatJavaTrustsIsTrustedBesides() throws Exception {
    TrustManagerFactory own =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    own.init((KeyStore) null);
    X509Certificate known = ((X509TrustManager) own.getTrustManagers()[0]).getAcceptedIssuers()[0];
    KeyStore empty = KeyStore.getInstance(KeyStore.getDefaultType());
    empty.load(null, null);
    empty.setCertificateEntry(
        "ca",
        java.security.cert.CertificateFactory.getInstance("X.509")
            .generateCertificate(new java.io.ByteArrayInputStream(TlsServer.file("other-ca.crt"))));

    new Trust(empty).checkServerTrusted(new X509Certificate[] {known}, "UNKNOWN");
  }

  @ParameterizedTest
  @CsvSource({
    "client.cert, client.key, client",
    "client.cert, client-pkcs1.key, client",
    "client-ec.cert, client-ec.key, client-ec",
    "client-ec.cert, client-sec1.key, client-ec",
    "client-ec.cert, client-sec1-parameters.key, client-ec"
  })
  void clientCertificateIsShownWhateverItsKeysForm(String certificate, String key, String name)
      throws IOException {
    TlsServer.put("one-ca.crt", folder().resolve("ca.crt"));
    TlsServer.put(certificate, folder().resolve("client.cert"));
    TlsServer.put(key, folder().resolve("client.key"));

    read(certs);

    assertThat(server.clients()).containsOnly("CN=" + name);
  }

  @Test
  void clientCertificateMayHoldItsKey() throws IOException {
    TlsServer.put("one-ca.crt", folder().resolve("ca.crt"));
    TlsServer.put("client.cert", folder().resolve("client.cert"));
    Files.write(
        folder().resolve("client.cert"),
        TlsServer.file("client.key"),
        java.nio.file.StandardOpenOption.APPEND);

    read(certs);

    assertThat(server.clients()).containsOnly("CN=client");
  }

  @Test
  void clientCertificateIsShownToItsRegistryAlone() throws Exception {
    try (TlsServer elsewhere = TlsServer.start(other)) {
      TlsServer.put("one-ca.crt", folder().resolve("ca.crt"));
      TlsServer.put("one-ca.crt", certs.resolve(elsewhere.host()).resolve("ca.crt"));
      TlsServer.put("client.cert", folder().resolve("client.cert"));
      TlsServer.put("client.key", folder().resolve("client.key"));
      elsewhere.registry().push("app", "1", image);
      server
          .registry()
          .behave(
              exchange -> {
                String path = exchange.getRequestURI().getPath();
                if (!path.contains("/blobs/")) {
                  return false;
                }
                MemoryRegistry.header(307, "Location", "https://" + elsewhere.host() + path)
                    .to(exchange);
                return true;
              });

      read(certs);

      assertThat(server.clients()).containsOnly("CN=client");
      assertThat(elsewhere.clients()).containsExactly("");
    }
  }

  /** It would be shown to whatever an event names. */
  @Test
  void clientCertificateOfTheDefaultFolderIsShownToNoOne() throws IOException {
    TlsServer.put("one-ca.crt", folder().resolve("ca.crt"));
    TlsServer.put("client.cert", certs.resolve("_default").resolve("client.cert"));
    TlsServer.put("client.key", certs.resolve("_default").resolve("client.key"));

    read(certs);

    assertThat(server.clients()).containsOnly("");
  }

  @ParameterizedTest
  @CsvSource({
    "client-encrypted.key, no unencrypted private key",
    "client.cert, no unencrypted private key"
  })
  void keyThatCannotBeUsedIsNamedWithoutItsContent(String key, String why) throws IOException {
    TlsServer.put("one-ca.crt", folder().resolve("ca.crt"));
    TlsServer.put("client.cert", folder().resolve("client.cert"));
    TlsServer.put(key, folder().resolve("client.key"));

    assertThatThrownBy(() -> read(certs))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("client.key")
        .hasMessageContaining(why)
        .hasMessageNotContaining("BEGIN");
  }
}
