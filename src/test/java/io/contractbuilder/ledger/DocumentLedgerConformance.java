package io.contractbuilder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a {@link Ledger} does that keeps the chain's own documents. */
public abstract class DocumentLedgerConformance extends LedgerConformance {
  /** The chain id that the transactions are to carry. */
  protected static final String CHAIN = "z7S3WADvnjCyFkUmL48cPGqrSHDrQghNxLFMwBEwwtMa";

  /** Every transaction's document as it stands there, the oldest first. */
  protected abstract List<String> documents();

  @Override
  protected final List<String> ids() {
    return documents().stream()
        .map(document -> read(document).path("header").path("txn_id").asText())
        .toList();
  }

  @Test
  void writesTheChainsForm() {
    ledger().append(transaction(FIRST, "create"));

    assertThat(documents())
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

  private static JsonNode read(String document) {
    try {
      return Json.read(document.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedJson e) {
      throw new AssertionError(document, e);
    }
  }
}
