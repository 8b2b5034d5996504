package io.contractbuilder.queue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractTaskReader;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.util.Iterator;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What can be read of an event that may be wrong in any way.
 *
 * @param contract null if it names none
 * @param type null if it names none that can be one
 * @param action {@code create}, {@code update} or {@code delete}; empty if it is none of them
 * @param start the state before an update; empty if it names none
 * @param shown the event without any value that may be a secret; null if it is no object in JSON
 */
public record EventSummary(
    @Nullable ContractId contract,
    @Nullable TransactionType type,
    String action,
    String start,
    @Nullable ObjectNode shown) {
  private static final EventSummary NOTHING = new EventSummary(null, null, "", "", null);

  private static final Set<String> ACTIONS = Set.of("create", "update", "delete");

  /** Values that say nothing but what the chain made them, in the forms that it gives them. */
  private static final Set<String> PLAIN =
      Set.of(
          "version",
          "task_type",
          "txn_type",
          "id",
          "image_digest",
          "existing_secrets",
          "cron",
          "seconds",
          "execution_order",
          "start_state",
          "desired_state",
          "disable_schedule");

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9*/:,. _-]{0,100}");
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9][A-Za-z0-9._:/-]{0,255}");
  private static final String MASK = "***";

  /** Reads what there is; never fails. */
  public static EventSummary of(byte[] event) {
    if (event.length == 0 || event.length > ContractTaskReader.MAX_EVENT) {
      return NOTHING;
    }
    try {
      return Json.read(event) instanceof ObjectNode object ? of(object) : NOTHING;
    } catch (MalformedJson e) {
      return NOTHING;
    }
  }

  private static EventSummary of(ObjectNode event) {
    String id = event.path("id").asText();
    String action = event.path("task_type").asText();
    var shown = Json.object();
    event
        .properties()
        .forEach(
            field -> {
              if (WORD.matcher(field.getKey()).matches()) {
                shown.set(field.getKey(), masked(field.getKey(), field.getValue()));
              }
            });
    return new EventSummary(
        ContractId.isValid(id) ? new ContractId(id) : null,
        type(event.path("txn_type").asText()),
        ACTIONS.contains(action) ? action : "",
        event.path("start_state").asText(),
        shown);
  }

  private static @Nullable TransactionType type(String text) {
    try {
      return new TransactionType(text);
    } catch (IllegalArgumentException e) {
      // It names none.
      return null;
    }
  }

  private static JsonNode masked(String field, JsonNode value) {
    boolean plain =
        switch (field) {
          case "image" -> IMAGE.matcher(value.asText()).matches();
          // Names only; each with its value masked.
          case "env", "secrets" -> false;
          default -> PLAIN.contains(field) && isPlain(value);
        };
    if (value.isNull() || plain) {
      return value;
    }
    if (value instanceof ObjectNode object && (field.equals("env") || field.equals("secrets"))) {
      var names = Json.object();
      for (Iterator<String> name = object.fieldNames(); name.hasNext(); ) {
        String next = name.next();
        if (WORD.matcher(next).matches()) {
          names.put(next, MASK);
        }
      }
      return names;
    }
    return Json.object().textNode(MASK);
  }

  private static boolean isPlain(JsonNode value) {
    if (value.isArray()) {
      return value.valueStream().allMatch(one -> one.isTextual() && isPlain(one));
    }
    return value.isNumber()
        || value.isBoolean()
        || (value.isTextual() && WORD.matcher(value.asText()).matches());
  }

  /** Names what it asks for: {@code create of contract …}. */
  public String what() {
    return (action.isEmpty() ? "unknown action" : action)
        + (contract == null ? "" : " of contract " + contract);
  }
}
