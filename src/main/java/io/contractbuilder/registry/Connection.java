package io.contractbuilder.registry;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.util.Timeout;

/** A connection that one request after another is sent by. */
final class Connection extends DefaultBHttpClientConnection {
  /** What a head may have; a line of it is a line between chunks too. */
  static final int MOST_LINES = 100;

  static final int LONGEST_LINE = 8 << 10;

  // A head is kept whole, at two bytes a letter, for each connection.
  private static final Http1Config HEADS =
      Http1Config.custom()
          .setMaxLineLength(LONGEST_LINE)
          .setMaxHeaderCount(MOST_LINES)
          .setBufferSize(16 << 10)
          .build();
  private static final DefaultHttpResponseParserFactory PARSERS =
      new DefaultHttpResponseParserFactory(HEADS);

  private final String route;
  private final Socket socket;
  private long idleSince;

  /**
   * @param route its key
   * @param socket without TLS, as what is below
   */
  Connection(String route, Socket socket) throws IOException {
    super(HEADS, null, null, null, null, null, PARSERS);
    this.route = route;
    this.socket = socket;
    bind(socket);
  }

  /** Its route's key. */
  String route() {
    return route;
  }

  /** What is closed to cut it off. */
  Socket socket() {
    return socket;
  }

  void idleFromNow() {
    idleSince = System.nanoTime();
  }

  /** How long it has not been used; in nanoseconds. */
  long idle() {
    return System.nanoTime() - idleSince;
  }

  /** Whether the other side has neither closed it nor said what nobody asked for. */
  boolean lives() {
    try {
      awaitInput(Timeout.ofMilliseconds(1));
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends a request whole, and reads its answer's head; the body is to be read from it. */
  ClassicHttpResponse answer(ClassicHttpRequest request) throws IOException, HttpException {
    sendRequestHeader(request);
    sendRequestEntity(request);
    flush();
    ClassicHttpResponse response = head();
    while (response.getCode() < 200) {
      if (response.getCode() == 101) {
        throw new ProtocolException("another protocol, which was not asked for");
      }
      response = head();
    }
    if (MessageSupport.canResponseHaveBody(request.getMethod(), response)) {
      receiveResponseEntity(response);
    }
    return response;
  }

  private ClassicHttpResponse head() throws IOException, HttpException {
    try {
      return receiveResponseHeader();
    } catch (IllegalArgumentException e) {
      // As for a status of 000.
      throw new ProtocolException("no status line of HTTP", e);
    }
  }
}
