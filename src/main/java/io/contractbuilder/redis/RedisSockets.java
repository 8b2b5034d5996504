package io.contractbuilder.redis;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Opens sockets to one address. A TLS context is made only when one is needed: it costs much. */
final class RedisSockets implements JedisSocketFactory {
  private final RedisAddress address;
  private final int connectMillis;
  private final int answerMillis;

  RedisSockets(RedisAddress address, int connectMillis, int answerMillis) {
    this.address = address;
    this.connectMillis = connectMillis;
    this.answerMillis = answerMillis;
  }

  @Override
  public Socket createSocket() {
    try {
      Socket socket = connect();
      RedisTls tls = address.tls();
      return tls == null ? socket : secure(socket, tls);
    } catch (IOException e) {
      throw new JedisConnectionException(e);
    }
  }

  /** To the first of the host's addresses that takes it. */
  private Socket connect() throws IOException {
    IOException failure = new UnknownHostException(address.host());
    for (InetAddress host : InetAddress.getAllByName(address.host())) {
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(answerMillis);
        socket.connect(new InetSocketAddress(host, address.port()), connectMillis);
        return socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  private SSLSocket secure(Socket plain, RedisTls tls) throws IOException {
    SSLSocket socket = null;
    try {
      socket =
          (SSLSocket)
              context(tls.authority())
                  .getSocketFactory()
                  .createSocket(plain, address.host(), address.port(), true);
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (SocketTimeoutException e) {
      // A Redis without TLS takes the handshake for the beginning of a long command.
      plain.close();
      throw new HandshakeUnanswered(e);
    } catch (IOException | RuntimeException e) {
      (socket == null ? plain : socket).close();
      throw e;
    }
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
      throw new AuthorityUnusable(authority, e);
    }
  }

  /** Whoever listens there may not speak TLS. */
  static final class HandshakeUnanswered extends IOException {
    HandshakeUnanswered(SocketTimeoutException cause) {
      super("no answer to the TLS handshake", cause);
    }
  }

  /** The file of trusted authorities is none. */
  static final class AuthorityUnusable extends IOException {
    AuthorityUnusable(@Nullable Path authority, GeneralSecurityException cause) {
      super("the CA in " + authority + " cannot be used", cause);
    }
  }
}
