package io.contractbuilder.endtoend;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Stands before a part, passes on byte for byte, and fails from a chosen request on. */
final class FaultProxy implements AutoCloseable {
  /**
   * When it fails, and how.
   *
   * @param which requests of this kind
   * @param from the first that fails, from 1
   * @param times how many fail
   */
  record Plan(Fault fault, Predicate<String> which, int from, int times) {}

  private final Wire wire;
  private final int target;
  private final int port;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable ServerSocket listener;
  private @Nullable Plan plan;
  private int matched;
  private int failed;

  /**
   * @param authority the part's host and port; on loopback
   */
  FaultProxy(Wire wire, String authority) throws IOException {
    this.wire = wire;
    this.target = Integer.parseInt(authority.replaceFirst(".*:", ""));
    this.port = listen(0);
  }

  String authority() {
    return "127.0.0.1:" + port;
  }

  /** What came since it was last {@link #mend mended}. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many requests failed. */
  synchronized int failed() {
    return failed;
  }

  synchronized void plan(Plan what) {
    plan = what;
    if (what.fault() instanceof Fault.Away && what.from() == 0) {
      failed++;
      leave();
    }
  }

  /** The part is well again. */
  synchronized void mend() throws IOException {
    plan = null;
    matched = 0;
    failed = 0;
    requests.clear();
    if (listener == null) {
      listen(port);
    }
  }

  private synchronized int listen(int wanted) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
    listener = socket;
    threads.execute(() -> accept(socket));
    return socket.getLocalPort();
  }

  private synchronized void leave() {
    try {
      if (listener != null) {
        listener.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listener = null;
    sockets.forEach(FaultProxy::reset);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // Closed already.
    }
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        Socket client = from.accept();
        sockets.add(client);
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      InputStream answers = new BufferedInputStream(server.getInputStream());
      OutputStream back = client.getOutputStream();
      for (Wire.Request r = wire.request(in, back); r != null; r = wire.request(in, back)) {
        requests.add(r.name());
        Fault fault = due(r.name());
        if (fault instanceof Fault.Says(byte[] answer)) {
          back.write(answer);
          continue;
        }
        if (fault instanceof Fault.Away) {
          leave();
          return;
        }
        if (fault instanceof Fault.Kills(Runnable kill)) {
          kill.run();
          return;
        }
        if (fault instanceof Fault.Silent) {
          closed.await();
        }
        server.getOutputStream().write(r.bytes());
        byte[] answer = wire.answer(r, answers);
        if (fault != null) {
          reset(client);
          return;
        }
        back.write(answer);
      }
    } catch (IOException e) {
      // Either side went away; so does the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(client);
    }
  }

  private synchronized @Nullable Fault due(String request) {
    if (plan == null || !plan.which().test(request)) {
      return null;
    }
    matched++;
    if (matched < plan.from() || matched - plan.from() >= plan.times()) {
      return null;
    }
    failed++;
    return plan.fault();
  }

  @Override
  public void close() {
    closed.countDown();
    leave();
    threads.shutdownNow();
  }
}
