package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.SteadyClock;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A gateway over HTTP, with faasd, faas-netes or the local platform behind it. What they answer
 * differently is told apart by their answers where that can be, else by {@code /system/info}.
 */
public final class HttpFunctionGateway implements FunctionGateway, AutoCloseable {
  private static final Duration SMALL = Duration.ofSeconds(30);

  /** faasd answers when the function runs, so after its image was pulled. */
  private static final Duration DEPLOY = Duration.ofMinutes(3);

  private static final Duration INVOKE = Duration.ofMinutes(2);
  private static final String FUNCTIONS = "/system/functions";
  private static final String SECRETS = "/system/secrets";

  private final GatewayCalls calls;
  private final FunctionLogs logs;
  private final Deployments deployments;
  private final Readiness readiness;
  private @Nullable ProviderInfo provider;

  /**
   * @param user null: no authentication
   * @param password null: no authentication
   */
  public HttpFunctionGateway(URI gateway, @Nullable String user, @Nullable Secret password) {
    this(
        gateway,
        user,
        password,
        duration -> LockSupport.parkNanos(duration.toNanos()),
        new SteadyClock());
  }

  HttpFunctionGateway(
      URI gateway,
      @Nullable String user,
      @Nullable Secret password,
      GatewayCalls.Pauses pauses,
      InstantSource clock) {
    this.calls = new GatewayCalls(gateway, user, password, pauses);
    this.logs = new FunctionLogs(this, calls, clock);
    this.deployments = new Deployments(this, logs, calls, pauses);
    this.readiness = new Readiness(this, logs, calls, pauses, clock);
  }

  @Override
  public ProviderInfo info() {
    if (provider == null) {
      JsonNode info = json("GET /system/info", calls.call("GET", "/system/info", null, SMALL));
      JsonNode about = info.path("provider");
      if (!about.isObject()) {
        throw new GatewayException(
            calls.shown(),
            "GET /system/info",
            200,
            "the gateway names no provider",
            "The provider (faasd, faas-netes) is down: look at its log",
            true,
            null);
      }
      provider =
          new ProviderInfo(
              about.path("provider").asText(),
              about.path("orchestration").asText(),
              about.path("version").path("release").asText());
    }
    return provider;
  }

  /**
   * Who answers, for people: {@code OpenFaaS, faasd 0.18.6 on containerd}.
   *
   * @throws GatewayException if the gateway or its provider does not answer
   */
  public String version() {
    ProviderInfo info = info();
    return ("OpenFaaS, " + info.provider() + " " + info.release() + " on " + info.orchestration())
        .replaceAll(" +", " ");
  }

  @Override
  public void checkTakes(String name, BooleanSupplier readableByAll) {
    ProviderInfo info = info();
    if (!info.isCommunityEdition()) {
      return;
    }
    List<String> others = functionNames().stream().filter(other -> !other.equals(name)).toList();
    if (others.size() >= info.mostFunctions()) {
      throw notTaken(
          info,
          "takes at most " + info.mostFunctions() + " functions, and has " + others.size(),
          "Delete functions that are not needed, or use OpenFaaS Standard or faasd");
    }
    if (info.takesPublicImagesOnly() && !readableByAll.getAsBoolean()) {
      throw notTaken(
          info,
          "takes only images that everybody can read, and this registry asks for credentials",
          "Let everybody read there, or use OpenFaaS Standard, faasd or faas-netes 0.17");
    }
  }

  private GatewayException notTaken(ProviderInfo info, String why, String remedy) {
    String answer = "OpenFaaS Community Edition " + info.release() + " " + why;
    return new GatewayException(
        calls.shown(), "checking what it takes", 0, answer, remedy, false, null);
  }

  private List<String> functionNames() {
    List<String> names = new ArrayList<>();
    json("listing functions", calls.call("GET", FUNCTIONS, null, SMALL))
        .forEach(function -> names.add(function.path("name").asText()));
    return names;
  }

  @Override
  public void putSecret(String name, Secret value) {
    ObjectNode body = Json.object().put("name", name).put("value", value.reveal());
    GatewayAnswer answer = calls.call("POST", SECRETS, body, SMALL);
    if (answer.status() == 409) {
      answer = calls.call("PUT", SECRETS, body, SMALL);
    }
    if (answer.status() == 404) {
      // It went away in between.
      answer = calls.call("POST", SECRETS, body, SMALL);
    }
    if (!answer.isSuccess()) {
      throw calls.refused(
          "making secret " + name,
          answer.without(value),
          "Check that the name is allowed (lower case, digits, '-', at most 253 characters), that"
              + " the value is below 1 MiB, and that the provider may write secrets");
    }
  }

  @Override
  public boolean deleteSecret(String name) {
    // faasd reads the namespace in the query, faas-netes in the body; the default needs neither.
    GatewayAnswer answer = calls.call("DELETE", SECRETS, Json.object().put("name", name), SMALL);
    if (answer.isSuccess()) {
      return true;
    }
    if (answer.status() == 404 || answer.says("no such file or directory")) {
      return false;
    }
    throw calls.refused(
        "deleting secret " + name, answer, "Look at the provider's log, then run it again");
  }

  @Override
  public List<String> secretNames() {
    List<String> names = new ArrayList<>();
    json("listing secrets", calls.call("GET", SECRETS, null, SMALL))
        .forEach(secret -> names.add(secret.path("name").asText()));
    return names;
  }

  @Override
  public @Nullable FunctionStatus function(String name) {
    JsonNode function = shown(name);
    return function == null ? null : status(function);
  }

  private @Nullable JsonNode shown(String name) {
    GatewayAnswer answer = calls.call("GET", "/system/function/" + encoded(name), null, SMALL);
    return answer.status() == 404 && answer.body().length == 0
        ? null
        : json("asking for function " + name, answer);
  }

  /** When a function was made, or on faasd changed last; very long ago if that is not known. */
  Instant createdAt(String name) {
    JsonNode function = shown(name);
    try {
      return function == null ? Instant.MIN : Instant.parse(function.path("createdAt").asText());
    } catch (DateTimeParseException e) {
      return Instant.MIN;
    }
  }

  private static FunctionStatus status(JsonNode function) {
    return new FunctionStatus(
        function.path("name").asText(),
        function.path("image").asText(),
        function.path("replicas").asInt(),
        function.path("availableReplicas").asInt());
  }

  @Override
  public Deployment deploy(FunctionSpec spec) {
    return deployments.deploy(spec, DEPLOY);
  }

  @Override
  public void awaitReady(Deployment deployment, Duration limit) {
    readiness.await(deployment, limit);
  }

  @Override
  public boolean deleteFunction(String name) {
    return deployments.delete(name);
  }

  @Override
  public List<LogLine> logs(String name, int tail) {
    return logs.last(name, tail);
  }

  @Override
  public Invocation invoke(String name, byte[] body, Map<String, String> headers) {
    String path = "/function/" + encoded(name);
    try {
      GatewayAnswer answer = calls.once("POST", path, body, headers, INVOKE);
      if (answer.status() == 404 && answer.says("error finding function")) {
        boolean down = answer.says("connection refused");
        throw calls.refused(
            "calling " + name,
            answer,
            down
                ? "The provider behind the gateway is down; the same may go well later"
                : "Create the contract, or deploy it again",
            down);
      }
      return new Invocation(answer.status(), answer.contentType(), answer.body());
    } catch (IOException e) {
      throw calls.unreachable("POST", path, e);
    }
  }

  private JsonNode json(String operation, GatewayAnswer answer) {
    if (!answer.isSuccess()) {
      throw calls.refused(
          operation, answer, "Check that FAAS_GATEWAY is the address of an OpenFaaS gateway");
    }
    try {
      return Json.read(answer.body());
    } catch (IOException e) {
      throw calls.refused(
          operation,
          answer,
          "That is not what an OpenFaaS gateway says: check FAAS_GATEWAY and what stands before"
              + " the gateway");
    }
  }

  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  /**
   * Ends the call that another thread waits for, as for a signal beside that thread's interrupt.
   * Calls after it are not touched.
   */
  public void abort() {
    calls.abort();
  }

  @Override
  public void close() {
    calls.close();
  }
}
