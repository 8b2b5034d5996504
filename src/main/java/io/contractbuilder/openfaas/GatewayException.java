package io.contractbuilder.openfaas;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** The gateway refused, failed or could not be reached. */
public final class GatewayException extends PartFailure {
  private final int status;

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
    super("OpenFaaS gateway " + gateway, operation, answer, remedy, retryHelps, cause);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
