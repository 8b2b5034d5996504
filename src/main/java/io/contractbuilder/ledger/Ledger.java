package io.contractbuilder.ledger;

/** The chain's ledger, or what stands for it. */
public interface Ledger {

  /**
   * Appends a transaction, once: one whose id was appended before is not appended again, and false
   * is answered.
   */
  boolean append(LedgerTransaction transaction);
}
