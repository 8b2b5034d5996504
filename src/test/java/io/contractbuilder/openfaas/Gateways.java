package io.contractbuilder.openfaas;

import io.contractbuilder.contract.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the gateway's tests share: a client whose time passes by its pauses, and a function. */
final class Gateways {
  static final String CANARY = "c4n4ry";

  private Gateways() {}

  static HttpFunctionGateway client(FaultyGateway gateway) {
    var now = new Instant[] {Instant.parse("2026-01-01T00:00:00Z")};
    return new HttpFunctionGateway(
        gateway.uri(),
        "admin",
        new Secret(CANARY + "-password"),
        pause -> now[0] = now[0].plus(pause),
        () -> now[0]);
  }

  static FunctionSpec function(String image) {
    return new FunctionSpec(
        "f1",
        image,
        "node index.js",
        Map.of("RATE", "3"),
        List.of("s1"),
        Map.of("com.openfaas.scale.max", "20", "com.openfaas.scale.min", "1"),
        Map.of("memory", "600M"),
        Map.of("memory", "600M"));
  }

  static final Duration LIMIT = Duration.ofSeconds(60);
}
