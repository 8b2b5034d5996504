package io.contractbuilder.ledger;

import java.util.Set;
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

  /** The ids of all transactions; null where the ledger cannot be asked. */
  default @Nullable Set<String> transactions() {
    return null;
  }
}
