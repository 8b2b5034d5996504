package io.contractbuilder.ledger;

import java.time.Instant;

/** What a ledger holds, to who compares it with what was done. */
public interface LedgerView {

  /**
   * Whether it is certain that a transaction does not stand in the ledger.
   *
   * @param transaction its id
   * @param task the identity of the task that it is of
   * @param ended when the job ended that had it taken
   * @throws LedgerException if the ledger does not answer
   */
  boolean lacks(String transaction, String task, Instant ended);
}
