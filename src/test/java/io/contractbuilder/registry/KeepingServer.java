package io.contractbuilder.registry;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that keeps its connections, and answers each request with a text of the test's. */
final class KeepingServer implements AutoCloseable {
  /** Each request's head, and its body. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** All connections that were made to it. */
  final List<Socket> connections = new CopyOnWriteArrayList<>();

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Answer answer;

  /** What is said to a request; a connection ends after what is empty, or says so. */
  interface Answer {
    String to(String head) throws InterruptedException;
  }

  KeepingServer(Answer answer) throws IOException {
    this.answer = answer;
    threads.execute(this::accept);
  }

  /** The same text to each. */
  static KeepingServer saying(String text) throws IOException {
    return new KeepingServer(head -> text);
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        requests.add(head);
        String said = answer.to(head);
        out.write(said.getBytes(StandardCharsets.ISO_8859_1));
        if (said.isEmpty() || said.contains("Connection: close\r\n")) {
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone, as it may.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    int at = head.indexOf("Content-Length: ");
    if (at >= 0) {
      int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r", at)));
      head.append(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    }
    return head.toString();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : connections) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
