package io.contractbuilder.registry;

import io.contractbuilder.contract.RegistryCredentials;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.URI;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/** A request that is sent once, and that another thread may cut off wherever it is. */
final class Request extends BasicClassicHttpRequest {
  private final boolean tls;
  private final String authority;
  private final String host;
  private final int port;
  private @Nullable Socket socket;
  private boolean cancelled;

  /**
   * @param uri of {@code http} or {@code https}, with a host
   */
  Request(String method, URI uri) {
    super(method, uri.getScheme(), null, target(uri));
    this.tls = WebAddress.isHttps(uri);
    // A name that is none for Java, as one with an underscore, is in the authority alone.
    this.authority = uri.getRawAuthority();
    int colon = authority.lastIndexOf(':');
    boolean ported = colon > authority.lastIndexOf(']');
    boolean given = ported && colon + 1 < authority.length();
    this.host = WebAddress.withoutBrackets(ported ? authority.substring(0, colon) : authority);
    this.port =
        given ? Integer.parseInt(authority, colon + 1, authority.length(), 10) : tls ? 443 : 80;
    identify(this, authority);
  }

  /** Says where it goes and from whom. */
  static void identify(BasicClassicHttpRequest request, String authority) {
    request.setHeader("Host", authority);
    request.setHeader("User-Agent", "contract-builder");
  }

  private static String target(URI uri) {
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    String from = path == null || path.isEmpty() ? "/" : path;
    return query == null ? from : from.concat("?").concat(query);
  }

  boolean isTls() {
    return tls;
  }

  /** The host without brackets. */
  String host() {
    return host;
  }

  int port() {
    return port;
  }

  /** Gives it a small body. */
  void body(byte[] bytes, @Nullable String mediaType) {
    setEntity(new ByteArrayEntity(bytes, null));
    head(bytes.length, mediaType);
  }

  /** Gives it a large one. */
  void body(UploadBody body) {
    setEntity(body);
    head(body.getContentLength(), "application/octet-stream");
  }

  private void head(long length, @Nullable String mediaType) {
    setHeader("Content-Length", Long.toString(length));
    if (mediaType != null) {
      setHeader("Content-Type", mediaType);
    }
  }

  /** Addresses it to a proxy: by all of its address, and with the proxy's user. */
  void to(Proxies.Proxy proxy) {
    setPath("http://".concat(authority).concat(getPath()));
    authorize(this, proxy);
  }

  /** Says the proxy's user, if it has one. */
  static void authorize(BasicClassicHttpRequest request, Proxies.Proxy proxy) {
    RegistryCredentials user = proxy.credentials();
    if (user != null) {
      request.setHeader("Proxy-Authorization", Authorizer.basic(user));
    }
  }

  /**
   * Says what this is sent by from now on.
   *
   * @throws InterruptedIOException if it has been cancelled; the socket is closed then
   */
  synchronized void hold(Socket by) throws InterruptedIOException {
    if (cancelled) {
      cut(by);
      throw new InterruptedIOException("cancelled");
    }
    socket = by;
  }

  /**
   * Says that its connection is no longer its own.
   *
   * @return whether nobody has cut it off
   */
  synchronized boolean letGo() {
    socket = null;
    return !cancelled;
  }

  /** Breaks its connection off, also one that is being made; there will be no other. */
  synchronized void cancel() {
    cancelled = true;
    if (socket != null) {
      cut(socket);
      socket = null;
    }
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Closes a socket without a word to the other side. */
  static void cut(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is gone: that was the intention.
    }
  }
}
