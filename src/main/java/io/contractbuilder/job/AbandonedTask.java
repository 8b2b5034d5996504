package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells the chain of a task that is given up though no job of it came to an end: its contract would
 * stay {@code updating} or {@code deleting} for ever.
 */
public final class AbandonedTask {
  private final ContractDocuments documents;

  public AbandonedTask(ContractDocuments documents) {
    this.documents = documents;
  }

  /**
   * Writes it into the contract's state, if that waits for a task of this action.
   *
   * @param action as it stands in the event; empty: not known
   * @param start the state before an update, as it stands in the event; empty: not known
   * @param reason holds no secret
   */
  public void tell(ContractId id, String action, String start, String reason, Instant now) {
    Contract stored = documents.find(id);
    Status status = stored == null ? null : status(stored, action, start, reason, now);
    if (stored != null && status != null) {
      documents.save(stored.withStatus(status));
    }
  }

  private static @Nullable Status status(
      Contract stored, String action, String start, String reason, Instant now) {
    return switch (stored.status().state()) {
      case PENDING ->
          concerns(action, "create")
              ? new Status(ContractState.ERROR, "Creation failed: " + reason, now)
              : null;
      case UPDATING ->
          concerns(action, "update")
              ? new Status(before(start), "Contract update failed: " + reason, now)
              : null;
      case DELETING ->
          concerns(action, "delete")
              ? new Status(ContractState.DELETE_FAILED, "Deletion failed: " + reason, now)
              : null;
      case ACTIVE, INACTIVE, ERROR, DELETE_FAILED -> null;
    };
  }

  private static boolean concerns(String action, String awaited) {
    return action.isEmpty() || action.equals(awaited);
  }

  private static ContractState before(String start) {
    for (ContractState state :
        new ContractState[] {ContractState.INACTIVE, ContractState.ERROR, ContractState.PENDING}) {
      if (state.wire().equals(start)) {
        return state;
      }
    }
    return ContractState.ACTIVE;
  }
}
