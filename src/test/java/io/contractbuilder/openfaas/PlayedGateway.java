package io.contractbuilder.openfaas;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A gateway that is played, and a client whose time passes by its pauses. */
abstract class PlayedGateway<P extends FaultyGateway.Provider> {
  static final String CANARY = "c4n4ry";
  static final Duration LIMIT = Duration.ofSeconds(60);

  final P provider;
  final FaultyGateway gateway;
  final HttpFunctionGateway client;

  PlayedGateway(P provider) {
    this.provider = provider;
    this.gateway = FaultyGateway.before(provider);
    this.client = gateway.client();
  }

  @AfterEach
  void close() {
    client.close();
    gateway.close();
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

  /** The same function with another limit. */
  static FunctionSpec withCpu(String quantity) {
    FunctionSpec spec = function("good:1");
    return new FunctionSpec(
        spec.service(),
        spec.image(),
        spec.envProcess(),
        spec.envVars(),
        spec.secrets(),
        spec.labels(),
        Map.of("cpu", quantity),
        spec.requests());
  }

  /** The same function under another name. */
  static FunctionSpec named(String name) {
    FunctionSpec spec = function("good:1");
    return new FunctionSpec(
        name,
        spec.image(),
        spec.envProcess(),
        spec.envVars(),
        spec.secrets(),
        spec.labels(),
        spec.limits(),
        spec.requests());
  }

  /** Deploys and waits until it serves. */
  Deployment deployed(String image) {
    Deployment deployment = client.deploy(function(image));
    client.awaitReady(deployment, LIMIT);
    return deployment;
  }
}
