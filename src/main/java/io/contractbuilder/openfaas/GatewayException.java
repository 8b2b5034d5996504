package io.contractbuilder.openfaas;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** The gateway refused, failed or could not be reached. */
public final class GatewayException extends PartFailure {
  private final String gateway;
  private final int status;
  private final boolean changedNothing;

  /**
   * @param status HTTP status; 0 if there was no answer
   */
  public GatewayException(
      String gateway,
      String operation,
      int status,
      String answer,
      String remedy,
      boolean retryHelps,
      @Nullable Throwable cause) {
    this(gateway, operation, status, answer, remedy, retryHelps, cause, false);
  }

  private GatewayException(
      String gateway,
      String operation,
      int status,
      String answer,
      String remedy,
      boolean retryHelps,
      @Nullable Throwable cause,
      boolean changedNothing) {
    super("OpenFaaS gateway " + gateway, operation, answer, remedy, retryHelps, cause);
    this.gateway = gateway;
    this.status = status;
    this.changedNothing = changedNothing;
  }

  /** The same of an update after which the former version is known to be as it was. */
  GatewayException withNothingChanged() {
    return new GatewayException(
        gateway, operation(), status, answer(), remedy(), retryHelps(), getCause(), true);
  }

  /** Whether a function that was to be updated is known to be as it was before. */
  public boolean changedNothing() {
    return changedNothing;
  }

  public int status() {
    return status;
  }
}
