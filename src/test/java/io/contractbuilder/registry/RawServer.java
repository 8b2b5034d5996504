package io.contractbuilder.registry;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that keeps to no rule of HTTP: what it sends after a request's head is the test's. */
final class RawServer implements AutoCloseable {
  /** The heads of all requests. */
  final List<String> heads = new CopyOnWriteArrayList<>();

  private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Answer answer;

  /** What is sent. */
  interface Answer {
    void to(OutputStream out, Socket socket) throws IOException;
  }

  RawServer(Answer answer) throws IOException {
    this.answer = answer;
    threads.execute(this::accept);
  }

  /** This text, and the connection's end. */
  static Answer text(String text) {
    return (out, socket) -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** This text, and then the other for as long as anybody listens. */
  static Answer endless(String beginning, String more) {
    byte[] again = more.repeat(Math.max(1, 8192 / more.length())).getBytes(StandardCharsets.UTF_8);
    return (out, socket) -> {
      out.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
      while (true) {
        out.write(again);
      }
    };
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int one = in.read();
        if (one < 0) {
          return;
        }
        head.append((char) one);
      }
      heads.add(head.toString());
      answer.to(socket.getOutputStream(), socket);
    } catch (IOException e) {
      // The client has gone, as it may.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
