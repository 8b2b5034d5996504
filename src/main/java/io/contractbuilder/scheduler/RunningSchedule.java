package io.contractbuilder.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * What a scheduler holds, whoever gave it.
 *
 * @param contract the id that it is held by; perhaps no contract's
 * @param schedule null if it cannot be read
 */
public record RunningSchedule(String contract, @Nullable ScheduledContract schedule) {

  /**
   * Reads what is held.
   *
   * @param document as {@link ScheduleDocument}; the id may be missing, as in what the chain's
   *     scheduler writes itself
   */
  public static RunningSchedule read(String contract, byte[] document) {
    try {
      JsonNode held = Json.read(document);
      boolean named = held.path("contract_id").asText(contract).equals(contract);
      return new RunningSchedule(
          contract, named ? ScheduleDocument.read(held, new ContractId(contract)) : null);
    } catch (MalformedJson | IllegalArgumentException e) {
      return new RunningSchedule(contract, null);
    }
  }
}
