package io.contractbuilder.registry;

import io.contractbuilder.registry.TlsFiles.ClientPair;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** TLS to registries. A context is made when the first connection needs it: it costs much. */
final class Tls implements TlsSocketStrategy {
  /** PKCS12 in memory wants one. */
  private static final char[] NO_PASSWORD = new char[0];

  private final HostFolders hosts;
  private final @Nullable Endpoint own;
  private final Map<TlsFiles, TlsSocketStrategy> strategies = new ConcurrentHashMap<>();

  /**
   * @param own whose files hold for its own address; null: each address's folder is looked at
   */
  Tls(HostFolders hosts, @Nullable Endpoint own) {
    this.hosts = hosts;
    this.own = own;
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String host, int port, @Nullable Object attachment, HttpContext context)
      throws IOException {
    TlsFiles files = files(host, port);
    TlsSocketStrategy strategy = strategies.get(files);
    if (strategy == null) {
      strategy = strategy(files);
      strategies.put(files, strategy);
    }
    return strategy.upgrade(socket, host, port, attachment, context);
  }

  private TlsFiles files(String host, int port) {
    if (own != null && own.isAt(host, port) && !own.tls().equals(TlsFiles.NONE)) {
      return own.tls();
    }
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    TlsFiles files = hosts.tls(name + ":" + port);
    return files.equals(TlsFiles.NONE) && port == 443 ? hosts.tls(name) : files;
  }

  private static TlsSocketStrategy strategy(TlsFiles files) throws IOException {
    try {
      if (files.equals(TlsFiles.NONE)) {
        return new DefaultClientTlsStrategy(SSLContext.getDefault());
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(files), trust(files), null);
      return files.unchecked()
          ? new DefaultClientTlsStrategy(context, NoopHostnameVerifier.INSTANCE)
          : new DefaultClientTlsStrategy(context);
    } catch (GeneralSecurityException e) {
      throw new SSLException("its files in certs.d cannot be used: " + e.getMessage(), e);
    }
  }

  private static TrustManager @Nullable [] trust(TlsFiles files)
      throws IOException, GeneralSecurityException {
    if (files.unchecked()) {
      return new TrustManager[] {new AnyTrust()};
    }
    if (files.authorities().isEmpty()) {
      return null;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Path file : files.authorities()) {
      for (Certificate one : certificates(file)) {
        store.setCertificateEntry("ca" + number++, one);
      }
    }
    return new TrustManager[] {new AddedTrust(store)};
  }

  private static KeyManager @Nullable [] keys(TlsFiles files)
      throws IOException, GeneralSecurityException {
    if (files.clients().isEmpty()) {
      return null;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (ClientPair pair : files.clients()) {
      Certificate[] chain = certificates(pair.certificate()).toArray(Certificate[]::new);
      try {
        store.setKeyEntry("client" + number++, PemKey.read(pair.key()), NO_PASSWORD, chain);
      } catch (GeneralSecurityException | IOException e) {
        // What a key's file holds is in no message.
        String why = e instanceof IOException ? "it cannot be read" : e.getMessage();
        throw new GeneralSecurityException(pair.key() + ": " + why, e);
      }
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new GeneralSecurityException(file + ": there is no certificate in it");
      }
      return all;
    } catch (IOException e) {
      throw new GeneralSecurityException(file + ": it cannot be read", e);
    }
  }
}
