package io.contractbuilder.registry;

import io.contractbuilder.crypto.NativeCrypto;
import io.contractbuilder.registry.TlsFiles.ClientPair;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.jspecify.annotations.Nullable;

/** TLS to registries. A context is made when the first connection needs it: it costs much. */
final class Tls {
  /** PKCS12 in memory wants one. */
  private static final char[] NO_PASSWORD = new char[0];

  private final HostFolders hosts;
  private final @Nullable Endpoint own;
  private final Map<TlsFiles, SSLContext> contexts = new ConcurrentHashMap<>();

  /**
   * @param own whose files hold for its own address; null: each address's folder is looked at
   */
  Tls(HostFolders hosts, @Nullable Endpoint own) {
    this.hosts = hosts;
    this.own = own;
  }

  /**
   * Puts TLS upon a socket.
   *
   * @param host whom the certificate must name; without brackets
   * @return what is spoken through from now on; who closes {@code socket} has closed both
   */
  SSLSocket upgrade(Socket socket, String host, int port) throws IOException {
    TlsFiles files = files(host, port);
    SSLContext context = contexts.get(files);
    if (context == null) {
      context = context(files);
      contexts.put(files, context);
    }
    SSLSocket upgraded =
        (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, false);
    upgraded.setEnabledProtocols(strongVersions(upgraded.getEnabledProtocols()));
    upgraded.setEnabledCipherSuites(strongSuites(upgraded.getEnabledCipherSuites()));
    upgraded.startHandshake();
    if (!files.unchecked()) {
      checkName(host, upgraded.getSession().getPeerCertificates());
    }
    return upgraded;
  }

  /** What of it is not broken. */
  static String[] strongVersions(String[] all) {
    return without(all, "SSL", "TLSv1.1");
  }

  /** Without ciphers that are broken or none, and keys that nobody has signed. */
  static String[] strongSuites(String[] all) {
    return without(all, "NULL", "anon", "EXPORT", "DES", "RC2", "RC4");
  }

  private static String[] without(String[] all, String... weak) {
    List<String> strong = new ArrayList<>(all.length);
    for (String one : all) {
      boolean isWeak = one.equals("TLSv1");
      for (String part : weak) {
        isWeak |= one.contains(part);
      }
      if (!isWeak) {
        strong.add(one);
      }
    }
    return strong.toArray(new String[0]);
  }

  /** Java's own look at the name would read all CAs that it knows. */
  private static void checkName(String host, Certificate[] chain) throws SSLException {
    if (chain.length == 0 || !(chain[0] instanceof X509Certificate its)) {
      throw new SSLPeerUnverifiedException("it showed no certificate");
    }
    // Without the list of public suffixes, which takes longer to read than a whole wrap may take.
    new DefaultHostnameVerifier().verify(host, its);
  }

  private TlsFiles files(String host, int port) {
    if (own != null && own.isAt(host, port) && !own.tls().isNone()) {
      return own.tls();
    }
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    TlsFiles files = hosts.tls(name + ":" + port);
    return files.isNone() && port == 443 ? hosts.tls(name) : files;
  }

  private static SSLContext context(TlsFiles files) throws IOException {
    try {
      SSLContext context = NativeCrypto.tls();
      context.init(keys(files), new TrustManager[] {trust(files)}, null);
      return context;
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
