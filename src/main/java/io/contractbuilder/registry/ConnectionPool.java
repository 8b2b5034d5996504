package io.contractbuilder.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/** Connections that are kept, and how many there may be. */
final class ConnectionPool implements AutoCloseable {
  private static final int PER_ROUTE = 16;

  /** Of all routes: redirects may lead to as many as a registry likes. */
  private static final int MOST_IDLE = 32;

  private final Connector connector;
  private final Duration patience;
  private final long trusted;
  private final long kept;
  private final List<Connection> idle = new ArrayList<>();
  private final Map<String, Integer> lent = new HashMap<>();
  private boolean closed;

  /**
   * @param patience how long is waited for one of a route's connections to be free
   * @param trusted how long one is idle before it is looked whether the other side has closed it
   * @param kept how long one may be idle
   */
  ConnectionPool(Connector connector, Duration patience, Duration trusted, Duration kept) {
    this.connector = connector;
    this.patience = patience;
    this.trusted = trusted.toNanos();
    this.kept = kept.toNanos();
  }

  /**
   * A connection, kept or new, for one request; it is to be given back.
   *
   * @throws SocketTimeoutException if none became free, or was there, in time
   * @throws InterruptedIOException if the request was cancelled, or its thread interrupted
   */
  Connection lend(Route route, Request request) throws IOException {
    await(route.key(), request);
    boolean lent = false;
    try {
      Connection connection = kept(route.key());
      while (connection != null) {
        // Held before it is looked at: the other side may have that last.
        request.hold(connection.socket());
        if (connection.idle() <= trusted || connection.lives()) {
          break;
        }
        connection.close(CloseMode.IMMEDIATE);
        connection = kept(route.key());
      }
      if (connection == null) {
        connection = connector.connect(route, request);
      }
      lent = true;
      return connection;
    } finally {
      if (!lent) {
        free(route.key(), null);
      }
    }
  }

  private synchronized void await(String route, Request request) throws IOException {
    long due = System.nanoTime() + patience.toNanos();
    while (!closed && !request.isCancelled() && lent.getOrDefault(route, 0) >= PER_ROUTE) {
      long left = (due - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no connection to it became free");
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("cancelled");
      }
    }
    if (closed || request.isCancelled()) {
      throw new InterruptedIOException("cancelled");
    }
    lent.put(route, lent.getOrDefault(route, 0) + 1);
  }

  /** The one that was used last, as it is the most likely to be open still. */
  private synchronized @Nullable Connection kept(String route) {
    while (!idle.isEmpty() && idle.getFirst().idle() > kept) {
      idle.removeFirst().close(CloseMode.IMMEDIATE);
    }
    for (int i = idle.size() - 1; i >= 0; i--) {
      if (idle.get(i).route().equals(route)) {
        return idle.remove(i);
      }
    }
    return null;
  }

  /**
   * Takes a connection back.
   *
   * @param keep whether it can serve again
   */
  void giveBack(Connection connection, boolean keep) {
    if (!keep) {
      connection.close(CloseMode.IMMEDIATE);
    }
    free(connection.route(), keep ? connection : null);
  }

  private synchronized void free(String route, @Nullable Connection keep) {
    int others = lent.getOrDefault(route, 1) - 1;
    if (others == 0) {
      lent.remove(route);
    } else {
      lent.put(route, others);
    }
    if (keep != null && closed) {
      keep.close(CloseMode.IMMEDIATE);
    } else if (keep != null) {
      keep.idleFromNow();
      idle.add(keep);
      if (idle.size() > MOST_IDLE) {
        idle.removeFirst().close(CloseMode.IMMEDIATE);
      }
    }
    notifyAll();
  }

  /** Has those that wait look whether they still want to. */
  synchronized void wake() {
    notifyAll();
  }

  /** Closes what nobody uses, and keeps nothing any more. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Connection one : idle) {
      one.close(CloseMode.IMMEDIATE);
    }
    idle.clear();
    notifyAll();
  }
}
