package io.contractbuilder.scheduler;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.TransactionType;
import java.util.List;

/** Invokes contracts by their schedules. Every call may be repeated. */
public interface Scheduler {

  /** Makes this the contract's running schedule, whatever it was before. */
  void schedule(ScheduledContract contract);

  /** Every schedule that runs, or will once the scheduler has read what it was told. */
  List<RunningSchedule> schedules();

  /** Stops the contract's schedule, if any; false if none was known. */
  boolean unschedule(ContractId id, TransactionType type, ExecutionOrder order);

  /**
   * {@link #unschedule} for a task that asks for it: who is told by messages is told once for each
   * such task, also where no schedule is known.
   *
   * @param task no other's
   */
  default void disable(ContractId id, TransactionType type, ExecutionOrder order, String task) {
    unschedule(id, type, order);
  }
}
