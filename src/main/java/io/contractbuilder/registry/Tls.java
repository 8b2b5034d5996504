package io.contractbuilder.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** TLS to registries. A context is made when the first connection needs it: it costs much. */
final class Tls implements TlsSocketStrategy {
  private final RegistryAccess access;
  private final Map<String, TlsSocketStrategy> strategies = new ConcurrentHashMap<>();

  Tls(RegistryAccess access) {
    this.access = access;
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String host, int port, @Nullable Object attachment, HttpContext context)
      throws IOException {
    Path authority = access.certificate(host + ":" + port);
    if (authority == null && port == 443) {
      authority = access.certificate(host);
    }
    String key = authority == null ? "" : authority.toString();
    TlsSocketStrategy strategy = strategies.get(key);
    if (strategy == null) {
      strategy = new DefaultClientTlsStrategy(context(authority));
      strategies.put(key, strategy);
    }
    return strategy.upgrade(socket, host, port, attachment, context);
  }

  private static SSLContext context(@Nullable Path authority) throws IOException {
    try {
      if (authority == null) {
        return SSLContext.getDefault();
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      try (InputStream file = Files.newInputStream(authority)) {
        int number = 0;
        for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
          store.setCertificateEntry("ca" + number++, one);
        }
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the CA in " + authority + " cannot be used: " + e.getMessage(), e);
    }
  }
}
