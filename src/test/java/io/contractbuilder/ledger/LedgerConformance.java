package io.contractbuilder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} does. */
public abstract class LedgerConformance {
  /** The chain id that the transactions are to carry. */
  protected static final String CHAIN = "z7S3WADvnjCyFkUmL48cPGqrSHDrQghNxLFMwBEwwtMa";

  private static final Digest IMAGE = Digest.of(new byte[] {1});
  private static final String FIRST = "0f8f5a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c";
  private static final String SECOND = "1f8f5a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c";

  /** One that holds nothing; the same one within a test. */
  protected abstract Ledger ledger();

  /** Every transaction's document, the oldest first. */
  protected abstract List<JsonNode> documents();

  @Test
  void appendsInOrder() {
    assertThat(ledger().append(transaction(FIRST, "create"))).isTrue();
    assertThat(ledger().append(transaction(SECOND, "delete"))).isTrue();

    assertThat(documents())
        .extracting(document -> document.path("header").path("txn_id").asText())
        .containsExactly(FIRST, SECOND);
  }

  @Test
  void appendsATransactionOnce() {
    ledger().append(transaction(FIRST, "create"));
    ledger().append(transaction(SECOND, "update"));

    assertThat(ledger().append(transaction(FIRST, "create"))).isFalse();
    assertThat(documents()).hasSize(2);
  }

  @Test
  void writesTheChainsForm() {
    ledger().append(transaction(FIRST, "create"));

    assertThat(documents().stream().map(Json::text))
        .containsExactly(
            "{\"version\":\"2\",\"header\":{\"txn_type\":\"-SYSTEM-ContractAction\",\"dc_id\":\""
                + CHAIN
                + "\",\"txn_id\":\""
                + FIRST
                + "\",\"timestamp\":\"1767323045\",\"tag\":\"contract:currency\",\"invoker\":\"\"},"
                + "\"payload\":\"{\\\"action\\\":\\\"create\\\",\\\"txn_type\\\":\\\"currency\\\","
                + "\\\"contract_entrypoint\\\":\\\"node index.js\\\",\\\"image_digest\\\":\\\""
                + IMAGE
                + "\\\"}\"}");
  }

  private static LedgerTransaction transaction(String id, String action) {
    return new LedgerTransaction(
        id, "task-" + id,
        Instant.parse("2026-01-02T03:04:05.678Z"),
        new TransactionType("currency"),
        action,
        "node index.js",
        IMAGE);
  }
}
