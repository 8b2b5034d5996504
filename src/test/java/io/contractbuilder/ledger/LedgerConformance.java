package io.contractbuilder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.TransactionType;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} does. */
public abstract class LedgerConformance {
  protected static final Digest IMAGE = Digest.of(new byte[] {1});
  protected static final String FIRST = "0f8f5a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c";
  protected static final String SECOND = "1f8f5a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c";

  /** One that holds nothing; the same one within a test. */
  protected abstract Ledger ledger();

  /** Every transaction's id, the oldest first. */
  protected abstract List<String> ids();

  @Test
  void appendsInOrder() {
    assertThat(ledger().append(transaction(FIRST, "create"))).isTrue();
    assertThat(ledger().append(transaction(SECOND, "delete"))).isTrue();

    assertThat(ids()).containsExactly(FIRST, SECOND);
  }

  @Test
  void appendsATransactionOnce() {
    ledger().append(transaction(FIRST, "create"));
    ledger().append(transaction(SECOND, "update"));

    assertThat(ledger().append(transaction(FIRST, "create"))).isFalse();
    assertThat(ids()).hasSize(2);
  }

  protected static LedgerTransaction transaction(String id, String action) {
    return new LedgerTransaction(
        id,
        "task-" + id,
        Instant.parse("2026-01-02T03:04:05.678Z"),
        new TransactionType("currency"),
        action,
        "node index.js",
        IMAGE);
  }
}
