package io.contractbuilder.registry;

import io.contractbuilder.crypto.NativeCrypto;
import io.contractbuilder.registry.TlsFiles.ClientPair;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** TLS to registries. A context is made when the first connection needs it: it costs much. */
final class Tls implements TlsSocketStrategy {
  /** PKCS12 in memory wants one. */
  private static final char[] NO_PASSWORD = new char[0];

  /** Without the list of public suffixes, which takes longer to read than a whole wrap may take. */
  private static final HostnameVerifier NAMES = new DefaultHostnameVerifier();

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
    if (own != null && own.isAt(host, port) && !own.tls().isNone()) {
      return own.tls();
    }
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    TlsFiles files = hosts.tls(name + ":" + port);
    return files.isNone() && port == 443 ? hosts.tls(name) : files;
  }

  private static TlsSocketStrategy strategy(TlsFiles files) throws IOException {
    try {
      SSLContext context = NativeCrypto.tls();
      context.init(keys(files), new TrustManager[] {trust(files)}, null);
      // Java's own look at the name, too, would read all CAs that it knows.
      return new DefaultClientTlsStrategy(
          context,
          HostnameVerificationPolicy.CLIENT,
          files.unchecked() ? NoopHostnameVerifier.INSTANCE : NAMES);
    } catch (GeneralSecurityException e) {
      throw new SSLException("no TLS with what is in certs.d", e);
    }
  }

  /** Reads one file. */
  private interface Reading<T> {
    T read(Path file) throws IOException, GeneralSecurityException;
  }

  private static <T> T read(Path file, Reading<T> reading) {
    try {
      return reading.read(file);
    } catch (IOException e) {
      throw HostFolders.failed(file, "it cannot be read", e);
    } catch (GeneralSecurityException e) {
      throw HostFolders.failed(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static TrustManager trust(TlsFiles files) throws IOException, GeneralSecurityException {
    if (files.unchecked()) {
      return new AnyTrust();
    }
    if (files.authorities().isEmpty()) {
      return new Trust(null);
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Path file : files.authorities()) {
      for (Certificate one : read(file, Pem::certificates)) {
        store.setCertificateEntry("ca" + number++, one);
      }
    }
    return new Trust(store);
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
      Certificate[] chain = read(pair.certificate(), Pem::certificates).toArray(Certificate[]::new);
      store.setKeyEntry("client" + number++, read(pair.key(), Pem::key), NO_PASSWORD, chain);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }
}
