package io.contractbuilder.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a Redis and cuts connections: once it has the answer, which nobody gets then. */
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicInteger toCut = new AtomicInteger();
  private final AtomicInteger cut = new AtomicInteger();
  private final int target;

  CuttingProxy(int target) throws IOException {
    this.target = target;
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    threads.execute(this::accept);
  }

  RedisAddress address() {
    return RedisAddress.open("127.0.0.1", listener.getLocalPort());
  }

  /** Withholds the next answers to scripts. */
  void cutNext(int answers) {
    toCut.set(answers);
  }

  /** How many answers were withheld so far. */
  int cut() {
    return cut.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        threads.execute(() -> serve(client, server));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** One request and its answer after the other, each small enough for one read. */
  private void serve(Socket client, Socket server) {
    var buffer = new byte[1 << 16];
    try (client;
        server) {
      InputStream requests = client.getInputStream();
      InputStream answers = server.getInputStream();
      OutputStream toServer = server.getOutputStream();
      OutputStream toClient = client.getOutputStream();
      for (int read = requests.read(buffer); read > 0; read = requests.read(buffer)) {
        boolean script = new String(buffer, 0, read, StandardCharsets.US_ASCII).contains("EVAL");
        toServer.write(buffer, 0, read);
        int answer = answers.read(buffer);
        if (answer < 0 || (script && toCut.getAndUpdate(n -> Math.max(0, n - 1)) > 0)) {
          cut.incrementAndGet();
          return;
        }
        toClient.write(buffer, 0, answer);
      }
    } catch (IOException e) {
      // Either side went away; so does the other.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.close();
  }
}
