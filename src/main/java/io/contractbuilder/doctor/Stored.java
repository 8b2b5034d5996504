package io.contractbuilder.doctor;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.job.Journal;
import io.contractbuilder.openfaas.FunctionSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the storage holds of one contract.
 *
 * @param contract null: none, or it cannot be read
 * @param function as it was deployed last; null: never, or it cannot be read
 * @param journal null: none, or it cannot be read
 * @param registered the types that were made for it
 * @param damaged what cannot be read
 */
record Stored(
    ContractId id,
    @Nullable Contract contract,
    @Nullable FunctionSpec function,
    @Nullable Journal journal,
    List<TransactionType> registered,
    List<Finding> damaged) {

  boolean isReadable() {
    return damaged.isEmpty();
  }

  /** Whether it was deleted by a job of ours, and not made again. */
  boolean isDeleted() {
    return contract == null && journal != null && journal.isTombstone();
  }

  /** Whether a job began that did not end. */
  boolean isUnfinished() {
    return journal != null && journal.isUnfinished();
  }
}
