package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.openfaas.FaultyGateway.Answer;
import io.contractbuilder.openfaas.FaultyGateway.Fault;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway that fails in each way. */
class GatewayFaultsTest extends PlayedGateway<Faasd> {
  GatewayFaultsTest() {
    super(new Faasd());
    provider.secrets.add("s1");
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET_AFTER_DONE", "CUT_SHORT", "STATUS_429", "STATUS_502", "STATUS_503"})
  void whatPassesIsRepeated(Fault fault) {
    gateway.fail(fault, "POST", "/system/secrets", 2);
    client.putSecret("s2", new Secret("v"));
    assertThat(provider.secrets).contains("s2");
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET_AFTER_DONE", "STATUS_429", "STATUS_502", "STATUS_500"})
  void whatLastsIsAnErrorThatSaysWhereWhatAndWhatToDo(Fault fault) {
    gateway.fail(fault, "POST", "/system/secrets", 100);
    assertThatThrownBy(() -> client.putSecret("s2", new Secret(CANARY)))
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.part()).contains(gateway.uri().getAuthority());
              assertThat(e.operation()).contains("secret");
              assertThat(e.remedy()).isNotEmpty();
              assertThat(e.retryHelps()).isTrue();
              assertThat(e.toString()).doesNotContain(CANARY);
            });
  }

  @Test
  void aFunctionThatWasMadeThoughTheAnswerWasLostIsNoError() {
    gateway.fail(Fault.RESET_AFTER_DONE, "POST", "/system/functions", 1);
    client.deploy(function("good:1"));
    assertThat(provider.functions).containsKey("f1");
  }

  @Test
  void aSecretThatTheGatewayQuotesIsNotPassedOn() {
    String quoted = "bad: {\"name\":\"s2\",\"value\":\"" + CANARY + "\\\"\\n\"}";
    gateway.say(new Answer(400, quoted), "POST", "/system/secrets", 1);
    assertThatThrownBy(() -> client.putSecret("s2", new Secret(CANARY + "\"\n")))
        .hasMessageContaining("400")
        .message()
        .doesNotContain(CANARY);
  }

  @Test
  void garbageIsNotWhatAGatewaySays() {
    gateway.fail(Fault.GARBAGE, "GET", "/system/info", 100);
    assertThatThrownBy(client::info)
        .isInstanceOfSatisfying(
            GatewayException.class, e -> assertThat(e.remedy()).contains("FAAS_GATEWAY"));
  }

  @Test
  void nothingListening() throws IOException {
    try (var nobody = nobody("")) {
      assertThatThrownBy(nobody::info)
          .isInstanceOfSatisfying(
              GatewayException.class,
              e -> {
                assertThat(e.remedy()).contains("FAAS_GATEWAY", "contract-builder platform");
                assertThat(e.retryHelps()).isTrue();
              });
    }
  }

  @Test
  void userAndPasswordInTheAddressAreNotInTheMessage() throws IOException {
    try (var nobody = nobody("admin:" + CANARY + "@")) {
      assertThatThrownBy(nobody::info)
          .hasMessageContaining("127.0.0.1")
          .satisfies(e -> assertThat(e.toString()).doesNotContain(CANARY));
    }
  }

  private static HttpFunctionGateway nobody(String user) throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    URI address = URI.create("http://" + user + "127.0.0.1:" + port);
    return new HttpFunctionGateway(address, null, null, p -> {}, InstantSource.system());
  }

  @Test
  void aCallThatHangsEndsWhenItIsCutOff() throws Exception {
    gateway.fail(Fault.HANG, "GET", "/system/info", 100);
    var failed = new CompletableFuture<GatewayException>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    client.info();
                  } catch (GatewayException e) {
                    failed.complete(e);
                  }
                });
    while (gateway.calls().isEmpty()) {
      Thread.onSpinWait();
    }
    // As a signal does it.
    caller.interrupt();
    client.abort();
    assertThat(failed.get(10, TimeUnit.SECONDS).retryHelps()).isTrue();
    assertThat(gateway.calls()).as("not repeated").hasSize(1);
  }

  @Test
  void wrongCredentialsAreSaidToBe() {
    Answer captured =
        Transcript.of("10-faas-netes-1-info-and-secrets.txt").answer("info wrong password");
    gateway.say(captured, "GET", "/system/secrets", 100);
    assertThatThrownBy(client::secretNames)
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.answer()).contains("401", "invalid credentials");
              assertThat(e.remedy()).contains("CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE");
              assertThat(e.retryHelps()).isFalse();
            });
    assertThat(gateway.calls()).hasSize(1);
  }

  @Test
  void withoutAPasswordNoAuthorizationIsSentAndWithOneItIsNotSentToFunctions() {
    try (var anonymous = new HttpFunctionGateway(gateway.uri(), null, null)) {
      anonymous.info();
    }
    client.invoke("f1", new byte[0], java.util.Map.of());
    client.secretNames();
    assertThat(gateway.requests())
        .extracting(FaultyGateway.Request::authorization)
        .satisfiesExactly(
            first -> assertThat(first).isNull(),
            called -> assertThat(called).isNull(),
            asked -> assertThat(asked).startsWith("Basic "));
  }
}
