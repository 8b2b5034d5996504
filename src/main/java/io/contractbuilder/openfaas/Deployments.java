package io.contractbuilder.openfaas;

import io.contractbuilder.json.Json;
import java.time.Duration;

/** Makes and removes functions. */
final class Deployments {
  private static final String FUNCTIONS = "/system/functions";
  private static final Duration SMALL = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** A pod takes its grace to go: half a minute, where the watchdog holds on that long. */
  static final int GONE_TRIES = 60;

  private final HttpFunctionGateway gateway;
  private final FunctionLogs logs;
  private final GatewayCalls calls;
  private final GatewayCalls.Pauses pauses;

  Deployments(
      HttpFunctionGateway gateway,
      FunctionLogs logs,
      GatewayCalls calls,
      GatewayCalls.Pauses pauses) {
    this.gateway = gateway;
    this.logs = logs;
    this.calls = calls;
    this.pauses = pauses;
  }

  Deployment deploy(FunctionSpec spec, Duration limit) {
    return new DeployRun(gateway, logs, this, calls, pauses, spec, limit).take();
  }

  /** Removes a function and waits until it is gone; false if there was none. */
  boolean delete(String name) {
    GatewayAnswer answer =
        calls.call("DELETE", FUNCTIONS, Json.object().put("functionName", name), SMALL);
    if (answer.status() == 404 && gateway.function(name) == null) {
      return false;
    }
    if (!answer.isSuccess() && answer.status() != 404) {
      throw calls.refused("deleting function " + name, answer, "Look at the provider's log");
    }
    for (int tried = 0; gateway.function(name) != null; tried++) {
      if (tried == GONE_TRIES) {
        throw calls.refused(
            "waiting until function " + name + " is gone",
            answer,
            "Its pods do not end: look at the provider's log, then run it again",
            true);
      }
      pauses.pause(PAUSE);
    }
    return true;
  }
}
