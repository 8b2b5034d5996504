package io.contractbuilder.registry;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a registry's own CAs and, as Docker and containerd do, those that Java trusts besides:
 * these are read only when they are needed, which costs much.
 */
final class AddedTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager own;

  AddedTrust(KeyStore authorities) throws GeneralSecurityException {
    this.own = manager(authorities);
  }

  private static X509ExtendedTrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager one : factory.getTrustManagers()) {
      if (one instanceof X509ExtendedTrustManager manager) {
        return manager;
      }
    }
    throw new GeneralSecurityException("this Java has no trust manager for X.509");
  }

  private interface Check {
    void with(X509ExtendedTrustManager manager) throws CertificateException;
  }

  private void check(Check check) throws CertificateException {
    try {
      check.with(own);
    } catch (CertificateException e) {
      try {
        check.with(manager(null));
      } catch (GeneralSecurityException other) {
        e.addSuppressed(other);
        throw e;
      }
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, type));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("no server here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("no server here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("no server here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return own.getAcceptedIssuers();
  }
}
