package io.contractbuilder.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/** An answer whose head is there, and whose body can be read; to be closed. */
final class Exchange implements AutoCloseable {
  private static final int PROGRESS = 64 << 10;
  private final ClassicHttpResponse response;
  private final Deadline deadline;
  private final Duration idle;
  private final Connections owner;
  private final Request request;
  private final Connection connection;
  private final boolean kept;
  private boolean ended;

  /**
   * @param owner is told when the connection is no longer needed
   * @param kept whether the server keeps the connection after the answer
   */
  Exchange(
      Connections owner,
      Request request,
      Connection connection,
      boolean kept,
      ClassicHttpResponse response,
      Deadline deadline,
      Duration idle) {
    this.owner = owner;
    this.request = request;
    this.connection = connection;
    this.kept = kept;
    this.response = response;
    this.deadline = deadline;
    this.idle = idle;
    if (response.getEntity() == null || response.getEntity().getContentLength() == 0) {
      end(true);
    }
  }

  /**
   * Gives the connection back, once.
   *
   * @param whole whether the body was read to its end: what is left of one has perhaps no end
   */
  private synchronized void end(boolean whole) {
    if (!ended) {
      ended = true;
      deadline.close();
      owner.ended(request, connection, whole && kept);
    }
  }

  int status() {
    return response.getCode();
  }

  /** A header's first value; null if there is none. */
  @Nullable String header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  List<String> headers(String name) {
    List<String> values = new ArrayList<>();
    for (Header header : response.getHeaders(name)) {
      values.add(header.getValue());
    }
    return values;
  }

  /** The body's length as declared; -1 if it is not. */
  long length() {
    HttpEntity entity = response.getEntity();
    return entity == null ? 0 : entity.getContentLength();
  }

  /**
   * A small body, whole, within the time that the request has.
   *
   * @throws TooLong if it has more than {@code limit} bytes
   * @throws SocketTimeoutException if that time ended before it did
   */
  byte[] body(int limit) throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return new byte[0];
    }
    if (entity.getContentLength() > limit) {
      throw new TooLong(limit);
    }
    byte[] bytes;
    try {
      bytes = entity.getContent().readNBytes(limit + 1);
    } catch (IOException e) {
      throw deadline.expired() ? late(e) : e;
    }
    if (bytes.length > limit) {
      throw new TooLong(limit);
    }
    end(true);
    return bytes;
  }

  private static IOException late(IOException cause) {
    SocketTimeoutException late = new SocketTimeoutException("the answer did not come to its end");
    late.initCause(cause);
    return late;
  }

  /** That a body has more bytes than are taken. */
  static final class TooLong extends IOException {
    TooLong(int limit) {
      super("more than " + limit + " bytes");
    }
  }

  /** A large body: it may take as long as it goes on, at 64 KiB per idle time or faster. */
  InputStream stream() throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return InputStream.nullInputStream();
    }
    deadline.extend(idle);
    InputStream in = entity.getContent();
    return new InputStream() {
      private long progress;
      private boolean over;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        if (over) {
          // The connection may be another request's by now.
          return -1;
        }
        int count;
        try {
          count = in.read(into, from, length);
        } catch (IOException e) {
          end(false);
          throw e;
        }
        if (count < 0) {
          over = true;
          end(true);
        }
        progress += Math.max(count, 0);
        if (progress >= PROGRESS) {
          progress = 0;
          deadline.extend(idle);
        }
        return count;
      }
    };
  }

  /** Whether the request was cut off because nothing came. */
  boolean timedOut() {
    return deadline.expired();
  }

  @Override
  public void close() {
    end(false);
  }
}
