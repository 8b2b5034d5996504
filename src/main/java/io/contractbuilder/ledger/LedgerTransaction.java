package io.contractbuilder.ledger;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.TransactionType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is ledgered of one finished action.
 *
 * @param id a UUID of version 4, decided before it is sent, so that a repeat can be seen
 * @param task the identity of the task that it is of; a repeat of the task has the same
 * @param action {@code create}, {@code update} or {@code delete}
 * @param entrypoint the command with its arguments
 */
public record LedgerTransaction(
    String id,
    String task,
    Instant timestamp,
    TransactionType type,
    String action,
    String entrypoint,
    @Nullable Digest imageDigest) {}
