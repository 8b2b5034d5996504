package io.contractbuilder.registry;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;

/** A played registry with TLS by the test's authority "one", for 127.0.0.1 and localhost. */
record TlsServer(MemoryRegistry registry, List<String> clients) implements AutoCloseable {
  private static final char[] PASSWORD = "password".toCharArray();

  /** A file of the tests' certificates. */
  static byte[] file(String name) {
    try (InputStream in = TlsServer.class.getResourceAsStream("tls/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Puts a file of the tests' certificates somewhere. */
  static void put(String name, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.write(to, file(name));
  }

  private static Certificate certificate(String name) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(file(name)));
  }

  /** Starts one that asks for a client's certificate, and takes none for an answer. */
  static TlsServer start(Path folder) throws IOException, GeneralSecurityException {
    return start(folder, "TLSv1.3", "TLSv1.2");
  }

  /** The same with only some versions of TLS. */
  static TlsServer start(Path folder, String... versions)
      throws IOException, GeneralSecurityException {
    Path key = folder.resolve("server-for-test.key");
    put("server.key", key);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server", Pem.key(key), PASSWORD, new Certificate[] {certificate("server.crt")});
    store.setCertificateEntry("ca", certificate("one-ca.crt"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            wanted.setProtocols(versions);
            parameters.setSSLParameters(wanted);
          }
        });
    List<String> clients = new CopyOnWriteArrayList<>();
    MemoryRegistry registry = new MemoryRegistry(server);
    registry.behave(
        exchange -> {
          try {
            clients.add(((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName());
          } catch (SSLPeerUnverifiedException e) {
            clients.add("");
          }
          return false;
        });
    return new TlsServer(registry, clients);
  }

  String host() {
    return registry.host();
  }

  @Override
  public void close() {
    registry.close();
  }
}
