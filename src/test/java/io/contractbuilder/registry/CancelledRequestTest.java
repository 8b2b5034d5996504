package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A request can be cut off wherever it waits; all time-outs here are longer than the test may be.
 */
@Timeout(20)
class CancelledRequestTest {
  private final TrafficCount traffic = new TrafficCount();
  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private final List<Socket> sockets = new ArrayList<>();
  private final Connections connections = ConnectionsTest.connections(InetAddress::getAllByName);

  @AfterEach
  void stop() throws IOException {
    connections.close();
    threads.shutdownNow();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** Sends a request, and aborts its thread when that is within {@code method}. */
  private @Nullable Throwable aborted(String url, String method) throws Exception {
    AtomicReference<@Nullable Thread> sender = new AtomicReference<>();
    Future<@Nullable Throwable> result =
        threads.submit(
            () -> {
              sender.set(Thread.currentThread());
              return failure(new Request("GET", URI.create(url)));
            });
    Thread thread = sender.get();
    while (thread == null || !isIn(thread, method)) {
      assertThat(result.isDone()).isFalse();
      thread = sender.get();
    }
    connections.abort(thread);
    return result.get();
  }

  private @Nullable Throwable failure(Request request) {
    try {
      connections.send(request, traffic).close();
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static boolean isIn(Thread thread, String method) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getMethodName().equals(method)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void whileItConnects() throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // Nobody accepts: after those that wait in its queue, none is let in.
      boolean more = true;
      while (more) {
        Socket socket = new Socket();
        sockets.add(socket);
        try {
          socket.connect(full.getLocalSocketAddress(), 200);
        } catch (SocketTimeoutException e) {
          more = false;
        }
      }

      assertThat(aborted("http://127.0.0.1:" + full.getLocalPort(), "timedFinishConnect"))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("cancelled");
    }
  }

  @Test
  void inAHandshake() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(aborted("https://127.0.0.1:" + silent.getLocalPort(), "timedRead"))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("cancelled");
    }
  }

  @Test
  void whileItWaitsForItsAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(aborted("http://127.0.0.1:" + silent.getLocalPort(), "timedRead"))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("cancelled");
    }
  }

  @Test
  void whileItWaitsForAConnection() throws Exception {
    try (KeepingServer server =
        KeepingServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
      List<Exchange> open = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        open.add(connections.send(new Request("GET", URI.create(server.url())), traffic));
      }

      assertThat(aborted(server.url(), "wait0"))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("cancelled");
      open.forEach(Exchange::close);
    }
  }

  @Test
  void whenAllIsClosed() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Request request = new Request("GET", URI.create("http://127.0.0.1:" + silent.getLocalPort()));
      Future<@Nullable Throwable> result = threads.submit(() -> failure(request));
      sockets.add(silent.accept());
      connections.close();

      assertThat(result.get()).isInstanceOf(InterruptedIOException.class);
    }
  }
}
