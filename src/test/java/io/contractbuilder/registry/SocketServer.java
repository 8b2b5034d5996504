package io.contractbuilder.registry;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on loopback whose tests say what it does with each connection. */
abstract class SocketServer implements AutoCloseable {
  /** All connections of it, also those that have ended. */
  final List<Socket> connections = new CopyOnWriteArrayList<>();

  final ExecutorService threads = Executors.newCachedThreadPool();
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  SocketServer() throws IOException {}

  /** To be called once, when all is set up. */
  final void start() {
    threads.execute(this::accept);
  }

  /** Serves one connection, which is closed afterwards. */
  abstract void serve(Socket socket, InputStream in) throws IOException, InterruptedException;

  final int port() {
    return server.getLocalPort();
  }

  final String url() {
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
      serve(socket, new BufferedInputStream(socket.getInputStream()));
    } catch (IOException | InterruptedException e) {
      // The other side has gone, as it may.
    }
  }

  /** A request's first line and headers; empty at the connection's end. */
  static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public final void close() {
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
