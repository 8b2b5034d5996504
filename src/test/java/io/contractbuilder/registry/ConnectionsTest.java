package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, which connection it is sent by, and which of them serve again. */
@Timeout(60)
class ConnectionsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  private static final int MOST = 16;
  private final TrafficCount traffic = new TrafficCount();
  private final Connections connections = connections(InetAddress::getAllByName);

  @AfterEach
  void stop() {
    connections.close();
  }

  static Connections connections(AddressGuard.Lookup lookup) {
    return connections(lookup, Duration.ofSeconds(30));
  }

  static Connections connections(AddressGuard.Lookup lookup, Duration stored) {
    Duration long1 = Duration.ofSeconds(30);
    return new Connections(
        new RegistryAccess(
            Set.of(),
            true,
            AllowedAddresses.parse(List.of("127.0.0.0/8")),
            null,
            CredentialSource.NONE,
            new RegistryAccess.Timeouts(long1, long1, long1, stored)),
        lookup,
        new HostFolders(null),
        null);
  }

  private static Request get(KeepingServer server) {
    return new Request("GET", URI.create(server.url() + "/v2/"));
  }

  private String text(Request request) throws IOException {
    try (Exchange exchange = connections.send(request, traffic)) {
      return new String(exchange.body(1000), StandardCharsets.UTF_8);
    }
  }

  @Test
  void requestIsSentWithWhatItNeedsAndNoMore() throws IOException {
    try (KeepingServer server = KeepingServer.saying(OK)) {
      Request request = new Request("PUT", URI.create(server.url() + "/v2/a?b=%20c"));
      request.body("body".getBytes(StandardCharsets.UTF_8), "text/x");
      text(request);
      text(new Request("GET", URI.create(server.url())));

      String host = "Host: 127.0.0.1:" + server.port() + "\r\nUser-Agent: contract-builder\r\n";
      assertThat(server.requests)
          .containsExactly(
              "PUT /v2/a?b=%20c HTTP/1.1\r\n"
                  + host
                  + "Content-Length: 4\r\nContent-Type: text/x\r\n\r\nbody",
              "GET / HTTP/1.1\r\n" + host + "\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK,
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
        "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + OK
      })
  void connectionServesAgainOnceItsAnswerHasEnded(String answer) throws IOException {
    try (KeepingServer server = KeepingServer.saying(answer)) {
      String first = text(get(server));

      assertThat(text(get(server))).isEqualTo(first).isIn("", "{}");
      assertThat(server.connections).hasSize(1);
    }
  }

  @Test
  void answerToHeadHasNoBodyWhateverItsLength() throws IOException {
    try (KeepingServer server =
        KeepingServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")) {
      for (int i = 0; i < 2; i++) {
        Request request = new Request("HEAD", URI.create(server.url() + "/v2/"));
        try (Exchange exchange = connections.send(request, traffic)) {
          assertThat(exchange.header("Content-Length")).isEqualTo("9");
          assertThat(exchange.length()).isZero();
        }
      }
      assertThat(server.connections).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
      })
  void connectionThatIsNotToServeAgainDoesNot(String answer) throws IOException {
    try (KeepingServer server = KeepingServer.saying(answer)) {
      text(get(server));
      text(get(server));

      assertThat(server.connections).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 000 x", "HTTP/-1.1 200 x", "HTTP/1.-1 200 x", "HTTP", "x y z"})
  void statusLineThatIsNoneIsAFailureAsAnyOther(String line) throws IOException {
    try (KeepingServer server = KeepingServer.saying(line + "\r\nConnection: close\r\n\r\n")) {
      assertThatThrownBy(() -> text(get(server))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void connectionWhoseAnswerWasNotReadToItsEndIsClosed() throws IOException {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{}";
    try (KeepingServer server = KeepingServer.saying(answer)) {
      for (int i = 0; i < MOST + 4; i++) {
        try (Exchange exchange = connections.send(get(server), traffic);
            InputStream in = exchange.stream()) {
          assertThat(in.read()).isEqualTo('{');
        }
      }
      assertThat(server.connections).hasSize(MOST + 4);
    }
  }

  /** Its connection is closed by then, or another request's. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        OK,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}"
      })
  void bodyThatHasEndedStaysSo(String answer) throws IOException {
    try (KeepingServer server = KeepingServer.saying(answer)) {
      InputStream in;
      try (Exchange first = connections.send(get(server), traffic)) {
        in = first.stream();
        assertThat(in.readAllBytes()).hasSize(2);
      }
      try (Exchange second = connections.send(get(server), traffic)) {
        assertThat(in.read()).isEqualTo(-1);
        assertThat(second.body(10)).hasSize(2);
      }
    }
  }

  @Test
  void requestsThatFailTakeNoConnectionsAway() throws IOException {
    try (KeepingServer server = KeepingServer.saying("")) {
      for (int i = 0; i < MOST + 4; i++) {
        assertThatThrownBy(() -> text(get(server)))
            .isInstanceOfSatisfying(
                IOException.class, e -> assertThat(Failures.isPassing(e)).isTrue());
      }
    }
  }

  @Test
  void switchToAnotherProtocolIsRefused() throws IOException {
    try (KeepingServer server =
        KeepingServer.saying("HTTP/1.1 101 Up\r\nUpgrade: h2c\r\n\r\n" + OK)) {
      assertThatThrownBy(() -> text(get(server))).hasMessageContaining("another protocol");
    }
  }

  @Test
  void nextAddressIsTriedWhereOneDoesNotAnswer() throws IOException {
    InetAddress nobody = InetAddress.ofLiteral("127.0.0.2");
    AddressGuard.Lookup two =
        name -> new InetAddress[] {nobody, InetAddress.ofLiteral("127.0.0.1")};
    try (KeepingServer server = KeepingServer.saying(OK);
        Connections tried = connections(two);
        Connections refused = connections(name -> new InetAddress[] {nobody})) {
      URI uri = URI.create("http://two.test:" + server.port());
      try (Exchange exchange = tried.send(new Request("GET", uri), traffic)) {
        assertThat(exchange.status()).isEqualTo(200);
      }
      assertThatThrownBy(() -> refused.send(new Request("GET", uri), traffic))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void manyThreadsShareFewConnections() throws Exception {
    try (KeepingServer server = new KeepingServer(head -> OK.replace("{}", head.substring(5, 7)));
        ExecutorService threads = Executors.newFixedThreadPool(2 * MOST)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 20 * MOST; i++) {
        String own = "" + (10 + i % 90);
        results.add(
            threads.submit(
                () -> text(new Request("GET", URI.create(server.url() + "/" + own))).equals(own)));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
      assertThat(server.requests).hasSize(20 * MOST);
      assertThat(server.connections).hasSizeLessThanOrEqualTo(MOST);
    }
  }

  @Test
  void requestWaitsUntilAConnectionIsFree() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    KeepingServer.Answer slow =
        head -> {
          answer.await();
          return OK;
        };
    try (KeepingServer server = new KeepingServer(slow);
        ExecutorService threads = Executors.newFixedThreadPool(MOST + 1)) {
      List<Future<String>> results = new ArrayList<>();
      for (int i = 0; i <= MOST; i++) {
        results.add(threads.submit(() -> text(get(server))));
      }
      while (server.requests.size() < MOST) {
        Thread.onSpinWait();
      }
      answer.countDown();

      for (Future<String> result : results) {
        assertThat(result.get()).isEqualTo("{}");
      }
      assertThat(server.requests).hasSize(MOST + 1);
      assertThat(server.connections).hasSize(MOST);
    }
  }

  @Test
  void requestDoesNotWaitForAConnectionForever() throws IOException {
    try (KeepingServer server = KeepingServer.saying(OK);
        Connections few = connections(InetAddress::getAllByName, Duration.ofMillis(50))) {
      List<Exchange> open = new ArrayList<>();
      for (int i = 0; i < MOST; i++) {
        open.add(few.send(get(server), traffic));
      }

      assertThatThrownBy(() -> few.send(get(server), traffic))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("became free");
      open.forEach(Exchange::close);
      few.send(get(server), traffic).close();
    }
  }

  /** The connection may be another request's by then. */
  @Test
  void cancellingWhatHasEndedHarmsNobody() throws IOException {
    try (KeepingServer server = KeepingServer.saying(OK)) {
      Request first = get(server);
      text(first);
      try (Exchange second = connections.send(get(server), traffic)) {
        connections.cancel(first);
        assertThat(second.body(10)).hasSize(2);
      }
      assertThat(server.connections).hasSize(1);
    }
  }
}
