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
 * Trusts a registry's own CAs, if it has any, and, as Docker and containerd do, those that Java
 * trusts besides: these are read only when they are needed, which costs much.
 */
final class Trust extends X509ExtendedTrustManager {
  /** Of what Java trusts: the same for all, and once it is read. */
  private static @Nullable X509ExtendedTrustManager javas;

  private final @Nullable X509ExtendedTrustManager own;

  Trust(@Nullable KeyStore authorities) throws GeneralSecurityException {
    this.own = authorities == null ? null : manager(authorities);
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

  private static synchronized X509ExtendedTrustManager javas() throws GeneralSecurityException {
    X509ExtendedTrustManager read = javas;
    if (read == null) {
      read = manager(null);
      javas = read;
    }
    return read;
  }

  private interface Check {
    void with(X509ExtendedTrustManager manager) throws CertificateException;
  }

  private void check(Check check) throws CertificateException {
    CertificateException refused = null;
    if (own != null) {
      try {
        check.with(own);
        return;
      } catch (CertificateException e) {
        refused = e;
      }
    }
    try {
      check.with(javas());
    } catch (GeneralSecurityException e) {
      throw refused(refused, e);
    }
  }

  private static CertificateException refused(
      @Nullable CertificateException own, GeneralSecurityException other) {
    if (own != null) {
      own.addSuppressed(other);
      return own;
    }
    return other instanceof CertificateException refused
        ? refused
        : new CertificateException("the CAs that Java trusts cannot be read", other);
  }

  /** Conscrypt's word for TLS 1.3, which has no kind of key exchange, in Java's. */
  private static String known(String type) {
    return type.equals("GENERIC") ? "UNKNOWN" : type;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, known(type), socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, known(type), engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, known(type)));
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
    return own == null ? new X509Certificate[0] : own.getAcceptedIssuers();
  }
}
