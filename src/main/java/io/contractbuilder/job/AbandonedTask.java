package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Status;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.storage.ContractLock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the chain of a task that no job began, or brought to an end: its contract would stay {@code
 * updating} or {@code deleting} for ever, or never be heard of.
 */
public final class AbandonedTask {
  private final ContractDocuments documents;
  private final ContractLock lock;
  private final Duration limit;

  /**
   * @param limit how long to wait for another job of the contract; that leaves a state of its own
   */
  public AbandonedTask(ContractDocuments documents, ContractLock lock, Duration limit) {
    this.documents = documents;
    this.lock = lock;
    this.limit = limit;
  }

  /** What people are told of a failure; no secret is in it. */
  public static String reason(Throwable failure) {
    return JobStopped.reason(failure);
  }

  /**
   * Writes it into the contract's state, if that waits for a task of this action. A create that
   * there is no contract of leaves one, of which nothing is known but that it failed.
   *
   * @param type as it stands in the event; null: not known
   * @param action as it stands in the event; empty: not known
   * @param start the state before an update, as it stands in the event; empty: not known
   * @param reason holds no secret
   */
  public void tell(
      ContractId id,
      @Nullable TransactionType type,
      String action,
      String start,
      String reason,
      Instant now) {
    // First without the lock, which leaves a trace of every contract that it is asked for.
    if (told(id, type, action, start, reason, now) == null) {
      return;
    }
    try (ContractLock.Held held = lock.acquire(id, limit)) {
      Contract told = held == null ? null : told(id, type, action, start, reason, now);
      if (told != null) {
        documents.save(told);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Contract told(
      ContractId id,
      @Nullable TransactionType type,
      String action,
      String start,
      String reason,
      Instant now) {
    Contract stored = documents.find(id);
    if (stored != null) {
      Status status = status(stored, action, start, reason, now);
      return status == null ? null : stored.withStatus(status);
    }
    return type == null || !action.equals("create")
        ? null
        : new Contract(
            type,
            id,
            created(reason, now),
            "",
            null,
            null,
            "",
            List.of(),
            Map.of(),
            List.of(),
            null,
            ExecutionOrder.SERIAL);
  }

  private static Status created(String reason, Instant now) {
    return new Status(ContractState.ERROR, "Creation failed: " + reason, now);
  }

  private static @Nullable Status status(
      Contract stored, String action, String start, String reason, Instant now) {
    return switch (stored.status().state()) {
      case PENDING -> concerns(action, "create") ? created(reason, now) : null;
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
