package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.openfaas.FaultyGateway.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Every answer that was ever captured, said again and again to the call that it belongs to: the
 * client ends, with what was asked for or with the provider's own words, and never takes a refusal
 * for a success.
 */
class EveryCapturedAnswerTest {
  private static final List<String> FAASD =
      List.of(
          "1-info-and-secrets.txt",
          "2-functions.txt",
          "3-update.txt",
          "4-redeploy.txt",
          "5-broken-images-and-watchdogs.txt",
          "6-namespaces-scale-update-failures.txt",
          "7-private-registries.txt",
          "8-gateway-edge-cases.txt",
          "9-concurrent-calls.txt");
  private static final List<String> FAAS_NETES =
      List.of(
          "10-faas-netes-1-info-and-secrets.txt",
          "10-faas-netes-2-functions.txt",
          "10-faas-netes-3-updates-and-deletes.txt",
          "10-faas-netes-4-outages-limits-objects.txt");

  private int played;

  @Test
  void ofFaasd() {
    play(FAASD, false);
    assertThat(played).isGreaterThan(80);
  }

  @Test
  void ofFaasNetes() {
    play(FAAS_NETES, true);
    assertThat(played).isGreaterThan(150);
  }

  private void play(List<String> transcripts, boolean netes) {
    for (String name : transcripts) {
      for (Transcript.Call call : Transcript.of(name).calls()) {
        try (FaultyGateway gateway = netes ? FaultyGateway.faasNetes() : FaultyGateway.faasd();
            HttpFunctionGateway client = gateway.client()) {
          client.putSecret("s1", new Secret("v"));
          ThrowingCallable use = use(client, gateway, call);
          if (use != null) {
            played++;
            check(name + ": " + call.title(), call, use, gateway, netes);
          }
        }
      }
    }
  }

  /** What makes this call; null where the client has no use for it. */
  private static @org.jspecify.annotations.Nullable ThrowingCallable use(
      HttpFunctionGateway client, FaultyGateway gateway, Transcript.Call call) {
    String path = call.path().replaceAll("\\?.*", "");
    if (path.startsWith("/system/function/")) {
      return () -> client.function("f1");
    }
    if (path.matches("/function/[^/]*")) {
      return () -> client.invoke("f1", new byte[0], Map.of());
    }
    return switch (call.method() + " " + path) {
      case "GET /system/info" -> client::info;
      case "GET /system/secrets" -> client::secretNames;
      case "GET /system/functions" -> client::functions;
      case "POST /system/secrets" -> () -> client.putSecret("s2", new Secret("hidden"));
      case "PUT /system/secrets" -> {
        gateway.say(Answer.of(409), "POST", path, 1000);
        yield () -> client.putSecret("s2", new Secret("hidden"));
      }
      case "DELETE /system/secrets" -> () -> client.deleteSecret("s1");
      case "POST /system/functions" -> () -> client.deploy(PlayedGateway.function("good:1"));
      case "PUT /system/functions" -> {
        client.awaitReady(client.deploy(PlayedGateway.function("good:1")), PlayedGateway.LIMIT);
        yield () -> client.deploy(PlayedGateway.function("good:2"));
      }
      case "DELETE /system/functions" -> {
        client.deploy(PlayedGateway.function("good:1"));
        yield () -> client.deleteFunction("f1");
      }
      case "GET /system/logs" -> () -> client.logs("f1", 5);
      default -> null;
    };
  }

  private static void check(
      String title,
      Transcript.Call call,
      ThrowingCallable use,
      FaultyGateway gateway,
      boolean netes) {
    String path = call.path().replaceAll("\\?.*", "");
    gateway.say(
        call.answer(),
        call.method(),
        path.replaceAll("^(/system/function|/function)/.*", "$1/f1"),
        1000);
    Throwable failure = catchThrowable(use);
    boolean put = call.method().equals("PUT") && path.equals("/system/functions");
    int status = call.answer().status();
    if (failure != null) {
      assertThat(failure).as(title).isInstanceOf(GatewayException.class);
      assertThat(failure.getMessage()).as(title).doesNotContain("hidden", FaultyGateway.PASSWORD);
      assertThat(((GatewayException) failure).remedy()).as(title).isNotBlank();
    } else if (put && netes) {
      assertThat(status).as(title + ": what changed nothing is not taken").isEqualTo(202);
    } else if (call.method().equals("POST") && path.startsWith("/system/")) {
      assertThat(status / 100).as(title + ": a refusal is none").isEqualTo(2);
    }
    assertThat(gateway.waited()).as(title).isLessThan(Duration.ofSeconds(90));
  }

  @Test
  void transcriptsAreReadWhole() {
    List<String> titles = new ArrayList<>();
    FAAS_NETES.forEach(n -> Transcript.of(n).calls().forEach(c -> titles.add(c.title())));
    assertThat(titles).hasSizeGreaterThan(250).doesNotContain("");
  }
}
