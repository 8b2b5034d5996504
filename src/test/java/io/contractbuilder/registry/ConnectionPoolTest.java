package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long connections are kept, and when they are trusted. */
@Timeout(60)
class ConnectionPoolTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path certs;

  private ConnectionPool pool(Duration trusted, Duration kept) {
    AddressGuard guard =
        new AddressGuard(AllowedAddresses.parse(List.of("127.0.0.1")), InetAddress::getAllByName);
    Connector connector =
        new Connector(
            guard,
            InetAddress::getAllByName,
            new Tls(new HostFolders(certs), null),
            RegistryAccess.Timeouts.DEFAULT);
    return new ConnectionPool(connector, LONG, trusted, kept);
  }

  private static Connection lend(ConnectionPool pool, KeepingServer server) throws IOException {
    Request request = new Request("GET", URI.create(server.url()));
    return pool.lend(Route.direct(request), request);
  }

  @Test
  void connectionThatTheOtherSideHasClosedIsReplaced() throws IOException {
    try (KeepingServer server = KeepingServer.saying("");
        ConnectionPool pool = pool(Duration.ZERO, LONG)) {
      Connection first = lend(pool, server);
      pool.giveBack(first, true);
      assertThat(lend(pool, server)).isSameAs(first);
      pool.giveBack(first, true);
      while (server.connections.isEmpty()) {
        Thread.onSpinWait();
      }
      for (Socket socket : server.connections) {
        socket.close();
      }
      Connection second = lend(pool, server);

      assertThat(second).isNotSameAs(first);
      assertThat(first.isOpen()).isFalse();
      pool.giveBack(second, false);
    }
  }

  @Test
  void connectionThatHasSaidWhatNobodyAskedForIsReplaced() throws IOException {
    try (KeepingServer server = KeepingServer.saying("");
        ConnectionPool pool = pool(Duration.ZERO, LONG)) {
      Connection first = lend(pool, server);
      pool.giveBack(first, true);
      while (server.connections.isEmpty()) {
        Thread.onSpinWait();
      }
      byte[] late = "HTTP/1.1 408 Request Timeout\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      server.connections.getFirst().getOutputStream().write(late);
      while (first.socket().getInputStream().available() == 0) {
        Thread.onSpinWait();
      }
      Connection second = lend(pool, server);

      assertThat(second).isNotSameAs(first);
      pool.giveBack(second, false);
    }
  }

  @Test
  void ofManyRoutesFewConnectionsAreKept() throws IOException {
    List<KeepingServer> servers = new ArrayList<>();
    List<Connection> used = new ArrayList<>();
    try (ConnectionPool pool = pool(LONG, LONG)) {
      for (int i = 0; i < 40; i++) {
        servers.add(KeepingServer.saying(""));
        used.add(lend(pool, servers.getLast()));
        pool.giveBack(used.getLast(), true);
      }

      assertThat(used.stream().filter(Connection::isOpen)).hasSize(32);
      assertThat(used.getFirst().isOpen()).isFalse();
      assertThat(used.getLast().isOpen()).isTrue();
    } finally {
      servers.forEach(KeepingServer::close);
    }
  }

  @Test
  void connectionWithTlsServesOnAfterItWasLookedAt() throws Exception {
    try (TlsServer server = TlsServer.start(certs.resolve("server"));
        ConnectionPool pool = pool(Duration.ZERO, LONG)) {
      TlsServer.put("one-ca.crt", certs.resolve(server.host()).resolve("ca.crt"));
      List<Connection> used = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Request request = new Request("GET", URI.create("https://" + server.host() + "/v2/"));
        Connection connection = pool.lend(Route.direct(request), request);
        used.add(connection);
        EntityUtils.consume(connection.answer(request).getEntity());
        pool.giveBack(connection, true);
      }

      assertThat(new HashSet<>(used)).hasSize(1);
    }
  }

  @Test
  void connectionThatWasIdleForLongIsClosed() throws IOException {
    try (KeepingServer server = KeepingServer.saying("");
        KeepingServer other = KeepingServer.saying("");
        ConnectionPool pool = pool(LONG, Duration.ZERO)) {
      Connection first = lend(pool, server);
      pool.giveBack(first, true);
      pool.giveBack(lend(pool, other), false);

      assertThat(first.isOpen()).isFalse();
    }
  }

  @Test
  void connectionThatWasUsedLastServesFirst() throws IOException {
    try (KeepingServer server = KeepingServer.saying("");
        ConnectionPool pool = pool(LONG, LONG)) {
      Connection first = lend(pool, server);
      Connection second = lend(pool, server);
      pool.giveBack(second, true);
      pool.giveBack(first, true);

      assertThat(lend(pool, server)).isSameAs(first);
      assertThat(lend(pool, server)).isSameAs(second);
      pool.giveBack(first, false);
      pool.giveBack(second, false);
    }
  }

  @Test
  void closedPoolKeepsNothing() throws IOException {
    try (KeepingServer server = KeepingServer.saying("")) {
      ConnectionPool pool = pool(LONG, LONG);
      Connection idle = lend(pool, server);
      Connection lent = lend(pool, server);
      pool.giveBack(idle, true);
      pool.close();
      pool.giveBack(lent, true);

      assertThat(idle.isOpen()).isFalse();
      assertThat(lent.isOpen()).isFalse();
    }
  }
}
