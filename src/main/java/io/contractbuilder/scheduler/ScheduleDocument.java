package io.contractbuilder.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.util.Locale;

/** A running schedule as the chain's scheduler holds it (chain formats, §6). */
public final class ScheduleDocument {
  private ScheduleDocument() {}

  /** The document. */
  public static ObjectNode toJson(ScheduledContract contract) {
    var node = Json.object();
    node.put("contract_id", contract.id().value());
    node.put("txn_type", contract.type().value());
    node.put("execution_order", contract.executionOrder().wire());
    switch (contract.schedule()) {
      case Schedule.Cron cron -> node.put("cron", cron.expression().toString()).putNull("seconds");
      case Schedule.Every every -> node.putNull("cron").put("seconds", every.seconds());
    }
    return node;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is no such thing
   */
  public static ScheduledContract read(byte[] document) {
    JsonNode node;
    try {
      node = Json.read(document);
    } catch (MalformedJson e) {
      throw new IllegalArgumentException("not JSON", e);
    }
    return read(node, new ContractId(node.required("contract_id").asText()));
  }

  /** The same, where the id is known. */
  static ScheduledContract read(JsonNode node, ContractId id) {
    Schedule schedule =
        node.path("seconds").isInt()
            ? new Schedule.Every(node.path("seconds").intValue())
            : new Schedule.Cron(CronExpression.parse(node.required("cron").asText()));
    return new ScheduledContract(
        id,
        new TransactionType(node.required("txn_type").asText()),
        ExecutionOrder.valueOf(node.required("execution_order").asText().toUpperCase(Locale.ROOT)),
        schedule);
  }
}
