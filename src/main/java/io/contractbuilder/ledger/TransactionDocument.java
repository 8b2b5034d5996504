package io.contractbuilder.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.json.Json;

/** A transaction as the chain takes it (chain formats, §7). */
public final class TransactionDocument {
  private TransactionDocument() {}

  /**
   * The document.
   *
   * @param chain the public chain id
   */
  public static ObjectNode toJson(LedgerTransaction transaction, String chain) {
    var node = Json.object();
    node.put("version", "2");
    node.putObject("header")
        .put("txn_type", "-SYSTEM-ContractAction")
        .put("dc_id", chain)
        .put("txn_id", transaction.id())
        .put("timestamp", Long.toString(transaction.timestamp().getEpochSecond()))
        .put("tag", "contract:" + transaction.type())
        .put("invoker", "");
    node.put("payload", Json.text(payload(transaction)));
    return node;
  }

  /** What is told of the action. */
  public static ObjectNode payload(LedgerTransaction transaction) {
    Digest image = transaction.imageDigest();
    return Json.object()
        .put("action", transaction.action())
        .put("txn_type", transaction.type().value())
        .put("contract_entrypoint", transaction.entrypoint())
        .put("image_digest", image == null ? null : image.value());
  }
}
