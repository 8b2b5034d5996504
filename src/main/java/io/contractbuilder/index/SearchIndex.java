package io.contractbuilder.index;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.TransactionType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The chain's search index of contracts and transaction types. */
public interface SearchIndex {

  /** For those without a chain: holds nothing. */
  SearchIndex NONE = (id, type) -> {};

  /**
   * Removes the contract's document and its transaction type's own index; may be repeated.
   *
   * @param type null where the type is another contract's: its index stays
   */
  void remove(ContractId id, @Nullable TransactionType type);

  /** The ids of all contracts that are found by it; null where there is no index. */
  default @Nullable Set<String> contracts() {
    return null;
  }

  /** Makes the contract found by its transaction type; may be repeated. */
  default void put(ContractId id, TransactionType type) {}
}
