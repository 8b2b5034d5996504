package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The OpenFaaS that tests deploy to: the local platform, or the real one that {@code ./verify
 * --gateway URL --registry HOST:PORT} names.
 */
record TestedGateway(URI url, String user, String password, @Nullable Launched platform)
    implements AutoCloseable {

  static boolean isReal() {
    return System.getenv("PARTS_GATEWAY") != null;
  }

  /**
   * Starts the platform where no real gateway is named.
   *
   * @param state of the platform
   * @param settings of the platform
   */
  static TestedGateway open(Path state, Map<String, String> settings) throws IOException {
    if (isReal()) {
      return new TestedGateway(
          URI.create(variable("PARTS_GATEWAY")),
          variable("OPENFAAS_USER"),
          variable("OPENFAAS_PASSWORD"),
          null);
    }
    return local(state, settings);
  }

  /** The local platform, also where a real one is named: it can be told of any registry. */
  static TestedGateway local(Path state, Map<String, String> settings) throws IOException {
    var own = new HashMap<>(settings);
    own.put("CONTRACT_BUILDER_STATE", state.toString());
    Launched platform = Launched.start(own, "platform");
    platform.awaitOnErr("The platform answers");
    Path folder = state.resolve("platform");
    byte[] at = Files.readAllBytes(folder.resolve("gateway.json"));
    return new TestedGateway(
        URI.create(Json.read(at).path("url").asText()),
        Files.readString(folder.resolve("user")).strip(),
        Files.readString(folder.resolve("password")).strip(),
        platform);
  }

  /** What the real one pulls from, without credentials. */
  static String registry() {
    return variable("PARTS_GATEWAY_REGISTRY");
  }

  /**
   * The registry that the platform pulls from where it may be any; a real OpenFaaS has but one.
   *
   * @param own where the platform is ours
   */
  static String registryOr(String own) {
    return isReal() ? registry() : own;
  }

  /** Skips what only the local platform can do. */
  static void assumeLocal(String reason) {
    assumeThat(isReal()).as("not on a real OpenFaaS: " + reason).isFalse();
  }

  private static String variable(String name) {
    return Objects.requireNonNullElse(System.getenv(name), "");
  }

  @Override
  public void close() {
    if (platform != null) {
      platform.close();
    }
  }
}
