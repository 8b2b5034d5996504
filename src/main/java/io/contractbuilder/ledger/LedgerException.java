package io.contractbuilder.ledger;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** The ledger refused, failed or could not be reached. */
public final class LedgerException extends PartFailure {
  public LedgerException(
      String ledger,
      String operation,
      String answer,
      String remedy,
      boolean retryHelps,
      @Nullable Throwable cause) {
    super("ledger " + ledger, operation, answer, remedy, retryHelps, cause);
  }
}
