package io.contractbuilder.openfaas;

import static io.contractbuilder.openfaas.Gateways.CANARY;
import static io.contractbuilder.openfaas.Gateways.LIMIT;
import static io.contractbuilder.openfaas.Gateways.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What gateways do at the edges: slow, talkative, or half away. */
class GatewayGapsTest {

  private static FaultyGateway saying(int status, String body) {
    return FaultyGateway.before(
        (method, path, query, json) ->
            path.equals("/system/info")
                ? FaultyGateway.info("faas-netes-ce", "kubernetes")
                : path.startsWith("/system/function/")
                    ? FaultyGateway.Answer.of(404)
                    : new FaultyGateway.Answer(status, body));
  }

  @Test
  void userAndPasswordInTheAddressAreNotInTheMessage() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    URI address = URI.create("http://admin:" + CANARY + "@127.0.0.1:" + port);
    try (var nobody =
        new HttpFunctionGateway(address, null, null, p -> {}, InstantSource.system())) {
      assertThatThrownBy(nobody::info)
          .satisfies(e -> assertThat(e.toString()).doesNotContain(CANARY));
    }
  }

  @Test
  void secretsThatCannotBeReadBecauseKubernetesIsAwayAreNotSaidToBeMissing() {
    String words =
        "unable to fetch secrets: Get \"https://10.0.0.1/api/v1/namespaces/openfaas-fn/secrets/s1\":"
            + " dial tcp 10.0.0.1:443: connect: connection refused";
    try (FaultyGateway gateway = saying(400, words);
        HttpFunctionGateway client = Gateways.client(gateway)) {
      assertThatThrownBy(() -> client.deploy(function("good:1")))
          .isInstanceOfSatisfying(
              GatewayException.class,
              e -> {
                assertThat(e.remedy()).doesNotContain("does not have");
                assertThat(e.retryHelps()).isTrue();
              });
    }
  }

  @Test
  void secretsThatFaasNetesMayNotReadAreNotSaidToBeMissing() {
    String words =
        "unable to fetch secrets: secrets \"s1\" is forbidden: User"
            + " \"system:serviceaccount:openfaas:openfaas-controller\" cannot get resource";
    try (FaultyGateway gateway = saying(400, words);
        HttpFunctionGateway client = Gateways.client(gateway)) {
      assertThatThrownBy(() -> client.deploy(function("good:1")))
          .isInstanceOfSatisfying(
              GatewayException.class, e -> assertThat(e.remedy()).contains("permissions"));
    }
  }

  @Test
  void aPodThatTakesItsGraceToGoIsWaitedForBeforeItsNameIsUsedAgain() {
    var provider = new FaasNetes();
    provider.secrets.add("s1");
    try (FaultyGateway gateway = FaultyGateway.before(provider);
        HttpFunctionGateway client = Gateways.client(gateway)) {
      client.awaitReady(client.deploy(function("good:1")), LIMIT);
      provider.functions.values().forEach(f -> f.goneIn = 31 * 2);
      client.awaitReady(client.deploy(function("good:2")), LIMIT);
      assertThat(client.function("f1")).isNotNull();
      assertThat(client.function("f1").image()).isEqualTo("good:2");
    }
  }

  @Test
  void aLogLineThatIsCutShortIsLeftOut() {
    String whole =
        "{\"name\":\"f1\",\"instance\":\"f1-1\",\"timestamp\":\"2026-11-21T03:25:03.5Z\",\"text\":\"a\\n\"}\n";
    try (FaultyGateway gateway = saying(200, whole + "{\"name\":\"f1\",\"inst");
        HttpFunctionGateway client = Gateways.client(gateway)) {
      assertThat(client.logs("f1", 5)).extracting(LogLine::text).containsExactly("a");
    }
  }

  @Test
  void aCallToAFunctionWhoseProviderIsDownMayGoWellLater() {
    String words =
        "error finding function f1.openfaas-fn: Get \"http://127.0.0.1:8081/system/function/f1\":"
            + " dial tcp 127.0.0.1:8081: connect: connection refused";
    try (FaultyGateway gateway = saying(404, words);
        HttpFunctionGateway client = Gateways.client(gateway)) {
      assertThatThrownBy(() -> client.invoke("f1", new byte[0], java.util.Map.of()))
          .isInstanceOfSatisfying(GatewayException.class, e -> assertThat(e.retryHelps()).isTrue());
    }
  }

  @Test
  @Timeout(20)
  void anAnswerThatTricklesEndsAtItsLimitInTotal() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread trickler = Thread.ofPlatform().daemon().start(() -> trickle(server));
      URI address = URI.create("http://127.0.0.1:" + server.getLocalPort());
      long start = System.nanoTime();
      try (var calls = new GatewayCalls(address, null, null, p -> {})) {
        assertThatThrownBy(() -> calls.call("GET", "/slow", null, Duration.ofMillis(500)))
            .isInstanceOf(GatewayException.class)
            .hasMessageContaining("took too long");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      trickler.join(Duration.ofSeconds(5));
    }
  }

  /** A byte every 0.1 s, for 5 s: each read is in time. */
  private static void trickle(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().read(new byte[1000]);
      var out = socket.getOutputStream();
      out.write(
          "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 50; i++) {
        out.write('x');
        out.flush();
        Thread.sleep(100);
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone, as it should.
    }
  }
}
