package io.contractbuilder.scheduler;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.TransactionType;

/** A contract with the schedule by which it is invoked. */
public record ScheduledContract(
    ContractId id, TransactionType type, ExecutionOrder executionOrder, Schedule schedule) {}
