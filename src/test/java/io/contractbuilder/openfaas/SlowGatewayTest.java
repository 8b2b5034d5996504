package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.openfaas.FaultyGateway.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gateways that let one wait. */
@Timeout(20)
class SlowGatewayTest extends PlayedGateway<FaasNetes> {
  private static final Duration SHORT = Duration.ofMillis(200);

  SlowGatewayTest() {
    super(new FaasNetes());
  }

  private void hangs(URI address, String path) {
    hangs(address, path, SHORT);
  }

  private void hangs(URI address, String path, Duration limit) {
    try (var calls = new GatewayCalls(address, null, null, p -> {})) {
      assertThatThrownBy(() -> calls.call("GET", path, null, limit))
          .isInstanceOfSatisfying(
              GatewayException.class,
              e -> {
                assertThat(e.remedy()).contains("took too long");
                assertThat(e.retryHelps()).isTrue();
              });
    }
  }

  @Test
  void aCallThatHangsEndsAtItsLimit() {
    gateway.fail(Fault.HANG, "GET", "/slow", 1);
    hangs(gateway.uri(), "/slow");
    // None, if it took the machine as long as that to ask.
    assertThat(gateway.calls()).as("not repeated").hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void aCallThatIsCutOffWhereverItIsSaysThatItTookTooLong() {
    gateway.fail(Fault.HANG, "GET", "/slow", 100);
    // Before there is a connection, while it connects, while it asks.
    for (int millis = 1; millis < 25; millis++) {
      hangs(gateway.uri(), "/slow", Duration.ofMillis(millis));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "})
  void anAnswerThatTricklesEndsAtItsLimitInTotal(String beginning) throws Exception {
    var over = new CountDownLatch(1);
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread trickler = Thread.ofPlatform().daemon().start(() -> trickle(server, beginning, over));
      hangs(URI.create("http://127.0.0.1:" + server.getLocalPort()), "/system/info");
      over.countDown();
      trickler.join(Duration.ofSeconds(5));
      assertThat(trickler.isAlive()).isFalse();
    }
  }

  /** A byte every 20 ms: each read is in time. */
  private static void trickle(ServerSocket server, String beginning, CountDownLatch over) {
    try (Socket socket = server.accept()) {
      OutputStream out = socket.getOutputStream();
      out.write(beginning.getBytes(StandardCharsets.US_ASCII));
      while (!over.await(20, TimeUnit.MILLISECONDS)) {
        out.write('x');
        out.flush();
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone, as it should.
    }
  }

  @Test
  void whatIsLateButInTimeIsTaken() {
    gateway.delay(SHORT, "GET", "/system/info", 1);
    assertThat(client.info().isCommunityEdition()).isTrue();
    assertThat(gateway.calls()).hasSize(1);
  }

  @Test
  void whatWasDoneAfterNobodyWaitedForItAnyMoreIsNoError() {
    // The API server hung: the secret was made when it went on (captured: 409 to the next).
    provider.secrets.add("s1");
    client.putSecret("s1", new Secret("v"));
    assertThat(gateway.calls()).containsExactly("POST /system/secrets", "PUT /system/secrets");
  }
}
