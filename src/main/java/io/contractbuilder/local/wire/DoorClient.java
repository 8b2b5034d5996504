package io.contractbuilder.local.wire;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 (RFC 9112) to a function's Unix socket: one connection for each call. A function is
 * hostile until checked: its head is at most 64 KiB, its answer must begin within the limit.
 */
public final class DoorClient {
  private static final int MOST_HEAD = 64 << 10;
  private static final long SMALL = 64 << 10;
  private final ExecutorService writers;
  private final ScheduledExecutorService clock;

  /**
   * @param writers sends large bodies while the answer is read
   * @param clock ends calls that take too long
   */
  public DoorClient(ExecutorService writers, ScheduledExecutorService clock) {
    this.writers = writers;
    this.clock = clock;
  }

  /**
   * A call.
   *
   * @param target path and query as they go on the wire
   * @param length of the body; -1 for chunked
   * @param limit for the whole call
   */
  public record Call(
      String method,
      String target,
      Map<String, List<String>> headers,
      InputStream body,
      long length,
      Duration limit) {}

  /** The function's own word on its health: the status; 0 if it did not answer. */
  public int health(SocketAddress door, Duration limit) {
    Call call =
        new Call(
            "GET",
            "/_/health",
            Map.of("Host", List.of("function:8080")),
            InputStream.nullInputStream(),
            0,
            limit);
    try (FunctionAnswer answer = call(door, call)) {
      return answer.status();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Sends a call and reads the head of the answer.
   *
   * @throws java.net.SocketTimeoutException when the limit is over
   */
  public FunctionAnswer call(SocketAddress door, Call call) throws IOException {
    SocketChannel channel =
        door instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> end =
        clock.schedule(
            () -> {
              late.set(true);
              closeQuietly(channel);
            },
            call.limit().toMillis(),
            TimeUnit.MILLISECONDS);
    boolean done = false;
    try {
      channel.connect(door);
      Future<?> writer = send(channel, call);
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 14);
      FunctionAnswer answer =
          head(
              in,
              call.method(),
              () -> {
                end.cancel(false);
                closeQuietly(channel);
                writer.cancel(true);
              });
      done = true;
      return answer;
    } catch (IOException e) {
      if (late.get()) {
        throw (IOException) new java.net.SocketTimeoutException("no answer in time").initCause(e);
      }
      throw e;
    } finally {
      if (!done) {
        end.cancel(false);
        closeQuietly(channel);
      }
    }
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // There is nothing left to be done with it.
    }
  }

  private Future<?> send(SocketChannel channel, Call call) throws IOException {
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 14);
    StringBuilder head = new StringBuilder();
    head.append(call.method()).append(' ').append(call.target()).append(" HTTP/1.1\r\n");
    call.headers()
        .forEach((n, vs) -> vs.forEach(v -> head.append(n).append(": ").append(v).append("\r\n")));
    head.append("Connection: close\r\n");
    head.append(
        call.length() < 0
            ? "Transfer-Encoding: chunked\r\n"
            : "Content-Length: " + call.length() + "\r\n");
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    if (call.length() >= 0 && call.length() <= SMALL) {
      byte[] body = call.body().readNBytes((int) call.length());
      try {
        out.write(body);
        out.flush();
      } catch (IOException e) {
        // It may have answered without reading all of it.
        return java.util.concurrent.CompletableFuture.completedFuture(e);
      }
      return java.util.concurrent.CompletableFuture.completedFuture(null);
    }
    return writers.submit(() -> stream(channel, out, call));
  }

  private static void stream(SocketChannel channel, OutputStream out, Call call) {
    byte[] part = new byte[1 << 14];
    try {
      for (int n = call.body().read(part); n >= 0; n = call.body().read(part)) {
        if (call.length() < 0 && n > 0) {
          out.write((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.US_ASCII));
          out.write(part, 0, n);
          out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
          out.write(part, 0, n);
        }
      }
      if (call.length() < 0) {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      out.flush();
    } catch (BodyTooLarge e) {
      closeQuietly(channel);
    } catch (IOException e) {
      // Either side went away; the answer, if there is one, says the rest.
      try {
        channel.shutdownOutput();
      } catch (IOException gone) {
        e.addSuppressed(gone);
      }
    }
  }

  private static FunctionAnswer head(InputStream in, String method, Runnable onClose)
      throws IOException {
    int[] left = {MOST_HEAD};
    String start = HttpLines.line(in, left);
    int status = HttpLines.status(start);
    while (status >= 100 && status < 200) {
      HttpLines.skip(in, left);
      status = HttpLines.status(HttpLines.line(in, left));
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String line = HttpLines.line(in, left); !line.isEmpty(); line = HttpLines.line(in, left)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("a header without a name");
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return new FunctionAnswer(status, headers, 0, InputStream.nullInputStream(), onClose);
    }
    if (first(headers, "transfer-encoding") != null) {
      return new FunctionAnswer(status, headers, -1, new ChunkedBody(in), onClose);
    }
    String length = first(headers, "content-length");
    long known = length == null ? -1 : HttpLines.length(length);
    InputStream body = known < 0 ? in : new SizedBody(in, known);
    return new FunctionAnswer(status, headers, known, body, onClose);
  }

  private static @Nullable String first(Map<String, List<String>> headers, String name) {
    List<String> values = headers.get(name);
    return values == null ? null : values.getFirst();
  }
}
