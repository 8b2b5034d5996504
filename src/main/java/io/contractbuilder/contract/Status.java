package io.contractbuilder.contract;

import java.time.Instant;

/**
 * A contract's state with the reason for it.
 *
 * @param message for people; empty where there is nothing to say
 * @param timestamp when it came about, to the microsecond
 */
public record Status(ContractState state, String message, Instant timestamp) {}
