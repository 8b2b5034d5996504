package io.contractbuilder.openfaas;

import io.contractbuilder.contract.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An OpenFaaS gateway. Every call is "make it so": it may be repeated, and ends in the same state.
 * All throw {@link GatewayException}.
 */
public interface FunctionGateway {

  /** Who is behind the gateway, and whether it answers at all. */
  ProviderInfo info();

  /**
   * Refuses early what is known beforehand not to be taken.
   *
   * @param name of the function that is to be deployed
   * @param readableByAll whether everybody can read the images that are to be deployed; asked only
   *     where it matters
   */
  default void checkTakes(String name, BooleanSupplier readableByAll) {}

  /** Makes a secret, or gives it another value. */
  void putSecret(String name, Secret value);

  /** Removes a secret; false if there was none. */
  boolean deleteSecret(String name);

  /** The names of all secrets that the gateway shows. */
  List<String> secretNames();

  /** What is deployed under a name; null if nothing is. */
  @Nullable FunctionStatus function(String name);

  /**
   * Deploys a function, or replaces the one of its name. Returns as soon as the provider has taken
   * it, which says nothing of whether it will run.
   */
  Deployment deploy(FunctionSpec spec);

  /**
   * Waits until the deployed version (and not one before it) answers.
   *
   * @param limit how long at most
   * @throws GatewayException with the reason: crashed with its last log lines, image not pulled,
   *     time-out
   */
  void awaitReady(Deployment deployment, Duration limit);

  /** Removes a function and waits until it is gone; false if there was none. */
  boolean deleteFunction(String name);

  /** The last lines that a function wrote, at most {@code tail}, oldest first. */
  List<LogLine> logs(String name, int tail);

  /** Calls a function with {@code POST}. */
  Invocation invoke(String name, byte[] body, Map<String, String> headers);
}
