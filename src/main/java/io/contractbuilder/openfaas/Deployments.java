package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes and removes functions. */
final class Deployments {
  private static final String FUNCTIONS = "/system/functions";
  private static final Duration SMALL = Duration.ofSeconds(30);
  private static final int TRIES = 8;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** A pod takes its grace to go: half a minute, where the watchdog holds on that long. */
  private static final int GONE_TRIES = 60;

  /** What faas-netes says to a POST until the pods of the function before are gone. */
  private static final String GOING = "object is being deleted";

  /** What the Community Edition takes at most (its own words: "set too high"). */
  private static final int MOST_REPLICAS = 5;

  private final HttpFunctionGateway gateway;
  private final GatewayCalls calls;
  private final GatewayCalls.Pauses pauses;

  Deployments(HttpFunctionGateway gateway, GatewayCalls calls, GatewayCalls.Pauses pauses) {
    this.gateway = gateway;
    this.calls = calls;
    this.pauses = pauses;
  }

  Deployment deploy(FunctionSpec wanted, Duration limit) {
    List<String> warnings = new ArrayList<>();
    FunctionSpec spec = fitted(wanted, warnings);
    boolean there = gateway.function(spec.service()) != null;
    boolean going = false;
    JsonNode body = FunctionSpecs.toJson(spec);
    for (int tried = 1; ; tried++) {
      Set<String> earlier =
          there && gateway.info().rollsOver() ? serving(spec.service()) : Set.of();
      GatewayAnswer answer = calls.call(there ? "PUT" : "POST", FUNCTIONS, body, limit);
      if (taken(answer, there)) {
        return new Deployment(spec, earlier, warnings);
      }
      going |= answer.says(GOING);
      if (there && answer.isSuccess() && tried == TRIES && !going) {
        // A PUT that did nothing does not say why; a POST says if the function is being deleted.
        GatewayAnswer why = calls.call("POST", FUNCTIONS, body, limit);
        if (taken(why, false)) {
          return new Deployment(spec, Set.of(), warnings);
        }
        going = why.says(GOING);
      }
      if (tried >= (going ? GONE_TRIES : TRIES) || !mayPass(answer, there)) {
        throw refused(spec, answer, there);
      }
      if (there && gateway.info().breaksOnFailedUpdate()) {
        // A PUT that failed has left the function deleted, or there but broken.
        delete(spec.service());
      }
      pauses.pause(PAUSE);
      there = gateway.function(spec.service()) != null;
    }
  }

  /**
   * The replicas that serve before an update. One that is available has written a line, so an empty
   * log is one that could not be read: without their names the new version could not be told from
   * the old one, and nothing is changed then.
   */
  private Set<String> serving(String name) {
    FunctionStatus status = gateway.function(name);
    Set<String> instances = gateway.instances(name);
    for (int tried = 1; instances.isEmpty() && isAvailable(status) && tried < TRIES; tried++) {
      pauses.pause(PAUSE);
      status = gateway.function(name);
      instances = gateway.instances(name);
    }
    if (instances.isEmpty() && isAvailable(status)) {
      throw new GatewayException(
          calls.shown(),
          "reading the log of " + name + " before its update",
          0,
          "it is empty, so the new version could not be told from the one that serves",
          "Nothing was changed. Look at the provider's log and the Kubernetes API",
          true,
          null);
    }
    return instances;
  }

  private static boolean isAvailable(@Nullable FunctionStatus status) {
    return status != null && status.availableReplicas() > 0;
  }

  /** faas-netes answers a PUT that changed nothing with 200; what it took, with 202. */
  private boolean taken(GatewayAnswer answer, boolean put) {
    return answer.status() == 202 || (answer.isSuccess() && !(put && gateway.info().rollsOver()));
  }

  /**
   * Whether another try may go well: a conflict (200 and nothing done), one that is being deleted,
   * one that came or went in between, or a function that faasd's failed PUT has broken.
   */
  private boolean mayPass(GatewayAnswer answer, boolean put) {
    if (put) {
      boolean broken = gateway.info().breaksOnFailedUpdate() && answer.status() == 500;
      return answer.isSuccess()
          || answer.status() == 404
          || (broken && !answer.says("unable to pull"))
          || answer.says("cannot delete running task");
    }
    return answer.says("already exists", GOING);
  }

  private GatewayException refused(FunctionSpec spec, GatewayAnswer answer, boolean put) {
    String operation = (put ? "replacing" : "deploying") + " function " + spec.service();
    String remedy;
    boolean away = answer.says("connection refused", "i/o timeout") && answer.says("secret");
    if (away) {
      remedy = "The provider cannot reach the Kubernetes API; the same may go well later";
    } else if (answer.says("is forbidden")) {
      remedy = "The provider may not do this: check its permissions (RBAC of faas-netes)";
    } else if (put && answer.isSuccess()) {
      remedy =
          "The provider accepted it and changed nothing: look at its log (a conflict, a limit that"
              + " Kubernetes refuses, its permissions, the Kubernetes API)";
    } else if (answer.says("maximum:", "set too high", "not available", "Community Edition")) {
      remedy =
          "This is a limit of OpenFaaS Community Edition: delete functions, make the image public,"
              + " or use another edition or faasd";
    } else if (answer.says("unable to pull", "failed to resolve")) {
      remedy =
          "Check that the provider can reach the registry "
              + host(spec.image())
              + " and has its credentials";
    } else if (answer.says("secret")) {
      remedy = "The function names a secret that the provider does not have: run the task again";
    } else {
      remedy = "Look at the provider's log";
    }
    boolean retryHelps = away || (put && answer.isSuccess()) || calls.retryHelps(answer);
    return calls.refused(operation, answer, remedy, retryHelps);
  }

  private static String host(String image) {
    int slash = image.indexOf('/');
    return slash < 0 ? image : image.substring(0, slash);
  }

  /** The Community Edition takes no more than five replicas. */
  private FunctionSpec fitted(FunctionSpec spec, List<String> warnings) {
    if (!gateway.info().isCommunityEdition()) {
      return spec;
    }
    Map<String, String> labels = new LinkedHashMap<>(spec.labels());
    for (String name : List.of("com.openfaas.scale.max", "com.openfaas.scale.min")) {
      String value = labels.get(name);
      if (value != null && value.matches("[0-9]{1,9}") && Integer.parseInt(value) > MOST_REPLICAS) {
        labels.put(name, Integer.toString(MOST_REPLICAS));
        warnings.add(
            name
                + " was lowered from "
                + value
                + " to "
                + MOST_REPLICAS
                + ": OpenFaaS Community Edition takes no more");
      }
    }
    return new FunctionSpec(
        spec.service(),
        spec.image(),
        spec.envProcess(),
        spec.envVars(),
        spec.secrets(),
        labels,
        spec.limits(),
        spec.requests());
  }

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
