package io.contractbuilder.ledger;

import org.jspecify.annotations.Nullable;

/** The chain's ledger, or what stands for it. */
public interface Ledger {

  /** For those without a chain: keeps nothing. */
  Ledger NONE = transaction -> true;

  /**
   * Appends a transaction, once: one whose id was appended before is not appended again, and false
   * is answered.
   */
  boolean append(LedgerTransaction transaction);

  /**
   * What it holds; null where it cannot be asked.
   *
   * @throws LedgerException if it does not answer
   */
  default @Nullable LedgerView view() {
    return null;
  }
}
