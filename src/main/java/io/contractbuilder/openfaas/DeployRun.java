package io.contractbuilder.openfaas;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One function on its way to a provider, tried until it is taken. */
final class DeployRun {
  private static final String FUNCTIONS = "/system/functions";

  /** What faas-netes says to a POST until the pods of the function before are gone. */
  private static final String GOING = "object is being deleted";

  private static final int TRIES = 8;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final HttpFunctionGateway gateway;
  private final FunctionLogs logs;
  private final Deployments deployments;
  private final GatewayCalls calls;
  private final GatewayCalls.Pauses pauses;
  private final Duration limit;
  private final List<String> warnings = new ArrayList<>();
  private FunctionSpec spec;
  private boolean there;

  /** Whether the function of this name was found to be on its way out. */
  private boolean going;

  DeployRun(
      HttpFunctionGateway gateway,
      FunctionLogs logs,
      Deployments deployments,
      GatewayCalls calls,
      GatewayCalls.Pauses pauses,
      FunctionSpec spec,
      Duration limit) {
    this.gateway = gateway;
    this.logs = logs;
    this.deployments = deployments;
    this.calls = calls;
    this.pauses = pauses;
    this.limit = limit;
    this.spec = spec;
  }

  Deployment take() {
    if (gateway.info().isCommunityEdition()) {
      spec = CommunityEdition.fitted(spec, warnings);
    }
    look();
    for (int tried = 1; ; tried++) {
      Set<String> earlier = before();
      GatewayAnswer answer = sent(there ? "PUT" : "POST");
      if (isTaken(answer, there)) {
        return new Deployment(spec, earlier, warnings);
      }
      going |= answer.says(GOING, "unable update Service");
      if (there && answer.isSuccess() && tried == TRIES && !going) {
        GatewayAnswer why = sent("POST");
        if (isTaken(why, false)) {
          return new Deployment(spec, Set.of(), warnings);
        }
        going = why.says(GOING);
        if (!going) {
          throw refused(tellsMore(why) ? why : answer);
        }
      }
      if (tried >= (going ? Deployments.GONE_TRIES : TRIES) || !mayPass(answer)) {
        throw refused(answer);
      }
      if (there && gateway.info().breaksOnFailedUpdate()) {
        // A PUT that failed has left the function deleted, or there but broken.
        deployments.delete(spec.service());
      }
      pauses.pause(PAUSE);
      look();
    }
  }

  /**
   * A PUT that did nothing does not say why. A POST does: if the function is being deleted, if
   * Kubernetes does not take it or is away; else that it exists, or that it would be one too many.
   */
  private static boolean tellsMore(GatewayAnswer why) {
    return !why.isSuccess() && !why.says("already exists", "maximum:");
  }

  private GatewayException refused(GatewayAnswer answer) {
    Refusal refusal = going ? Refusal.going() : Refusal.of(spec, answer, there);
    GatewayException refused =
        calls.refused(operation(), answer, refusal.remedy(), refusal.retryHelps());
    return there && !going && gateway.info().rollsOver() ? refused.withNothingChanged() : refused;
  }

  private void look() {
    there = gateway.function(spec.service()) != null;
  }

  private String operation() {
    return (there ? "replacing" : "deploying") + " function " + spec.service();
  }

  /** Answers a refusal of too many replicas with fewer, whatever the provider calls itself. */
  private GatewayAnswer sent(String method) {
    GatewayAnswer answer = calls.call(method, FUNCTIONS, body(), limit);
    if (!answer.says(CommunityEdition.TOO_HIGH)) {
      return answer;
    }
    spec = CommunityEdition.fitted(spec, warnings);
    return calls.call(method, FUNCTIONS, body(), limit);
  }

  private JsonNode body() {
    return FunctionSpecs.toJson(spec);
  }

  /** faas-netes answers a PUT that changed nothing with 200; what it took, with 202. */
  private boolean isTaken(GatewayAnswer answer, boolean put) {
    return answer.status() == 202 || (answer.isSuccess() && !(put && gateway.info().rollsOver()));
  }

  /**
   * Whether another try may go well: a conflict (200 and nothing done), one that is being deleted,
   * one that came or went in between, or a function that faasd's failed PUT has broken.
   */
  private boolean mayPass(GatewayAnswer answer) {
    if (!there) {
      return answer.says("already exists", GOING);
    }
    return answer.isSuccess() || answer.status() == 404 || hasBroken(answer);
  }

  /**
   * Whether a failed PUT has left a function that does not run: 500, or 400 of one that it had
   * stopped before it found the fault. One whose image it did not get is gone, and would be again.
   */
  private boolean hasBroken(GatewayAnswer answer) {
    if (!gateway.info().breaksOnFailedUpdate() || answer.says("unable to pull")) {
      return false;
    }
    return answer.status() == 500
        || (answer.status() == 400 && !isAvailable(gateway.function(spec.service())));
  }

  /** The replicas that serve before an update, where they go on serving beside the new ones. */
  private Set<String> before() {
    if (there && gateway.info().breaksOnFailedUpdate()) {
      checkSecrets();
    }
    return there && gateway.info().rollsOver() ? serving() : Set.of();
  }

  /** faasd finds out that a secret is missing when it has stopped the function. */
  private void checkSecrets() {
    List<String> missing = new ArrayList<>(spec.secrets());
    missing.removeAll(gateway.secretNames());
    if (!missing.isEmpty()) {
      throw new GatewayException(
              calls.shown(),
              operation(),
              0,
              "it has no secret " + String.join(", ", missing),
              "Nothing was changed. Give the secret's value by an update, or create the contract again",
              false,
              null)
          .withNothingChanged();
    }
  }

  /**
   * One that is available has written a line, so an empty log is one that could not be read:
   * without names the new version could not be told from the old one, and nothing is changed then.
   */
  private Set<String> serving() {
    String name = spec.service();
    FunctionStatus status = gateway.function(name);
    Set<String> instances = logs.instances(name);
    for (int tried = 1; instances.isEmpty() && isAvailable(status) && tried < TRIES; tried++) {
      pauses.pause(PAUSE);
      status = gateway.function(name);
      instances = logs.instances(name);
    }
    if (instances.isEmpty() && isAvailable(status)) {
      throw new GatewayException(
              calls.shown(),
              "reading the log of " + name + " before its update",
              0,
              "it is empty, so the new version could not be told from the one that serves",
              "Nothing was changed. Look at the provider's log and the Kubernetes API",
              true,
              null)
          .withNothingChanged();
    }
    return instances;
  }

  private static boolean isAvailable(@Nullable FunctionStatus status) {
    return status != null && status.availableReplicas() > 0;
  }
}
