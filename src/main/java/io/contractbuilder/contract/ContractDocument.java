package io.contractbuilder.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a contract, {@code SMARTCONTRACT/<id>/metadata.json}, as the chain's webserver
 * and the builder before this one read and write it.
 */
public final class ContractDocument {
  private static final String DCRN = "SmartContract::L1::AtRest";
  private static final String VERSION = "1";

  /** As Python's {@code str(datetime)}: no fraction where the microseconds are zero. */
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final Pattern TIMESTAMP =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?");
  private static final String TIMESTAMPS = "a time in UTC as YYYY-MM-DD HH:MM:SS.ffffff";

  private ContractDocument() {}

  /** Writes compactly, keys in the chain's order. */
  public static byte[] write(Contract contract) {
    ObjectNode document = Json.object();
    document.put("dcrn", DCRN).put("version", VERSION);
    document.put("txn_type", contract.type().value()).put("id", contract.id().value());
    document
        .putObject("status")
        .put("state", contract.status().state().wire())
        .put("msg", contract.status().message())
        .put("timestamp", timestamp(contract.status().timestamp()));
    document.put("image", contract.image()).put("auth_key_id", contract.authKeyId());
    Digest digest = contract.imageDigest();
    document.put("image_digest", digest == null ? null : digest.value());
    document.put("cmd", contract.cmd());
    contract.args().forEach(document.putArray("args")::add);
    contract.env().forEach(document.putObject("env")::put);
    contract.existingSecrets().forEach(document.putArray("existing_secrets")::add);
    document.put(
        "cron",
        contract.schedule() instanceof Schedule.Cron cron ? cron.expression().toString() : null);
    document.put(
        "seconds",
        contract.schedule() instanceof Schedule.Every every ? (Integer) every.seconds() : null);
    document.put("execution_order", contract.executionOrder().wire());
    return Json.write(document);
  }

  /**
   * Reads what {@link #write} or the former builder wrote: unknown keys are passed over; null or
   * absent lists are empty; of a cron and an interval the interval counts, as for the scheduler.
   *
   * @throws InvalidInput with everything that keeps it from being a contract; no variable's value
   *     is quoted
   */
  public static Contract read(byte[] document) {
    EventFields fields = fields(document);
    fields.constant("dcrn", DCRN);
    fields.constant("version", VERSION);
    var type =
        fields.requiredValue("txn_type", "the contract's transaction type", TransactionType::new);
    var id = fields.requiredValue("id", "a UUID of version 4", ContractId::new);
    var status = status(fields);
    String image = fields.requiredText("image", "an image reference");
    String key = fields.text("auth_key_id");
    var digest = fields.value("image_digest", Digest::new);
    String cmd = fields.requiredText("cmd", "the command");
    List<String> args = fields.values("args", text -> text);
    Map<String, String> env = env(fields);
    List<String> secrets = fields.values("existing_secrets", text -> text);
    var schedule = schedule(fields);
    var order =
        fields.requiredValue(
            "execution_order", "\"serial\" or \"parallel\"", ExecutionOrder::ofWire);
    if (!fields.violations().isEmpty()
        || type == null
        || id == null
        || status == null
        || image == null
        || cmd == null
        || order == null) {
      throw new InvalidInput("metadata", fields.violations());
    }
    return new Contract(
        type,
        id,
        status,
        image,
        key,
        digest,
        cmd,
        List.copyOf(Objects.requireNonNullElse(args, List.of())),
        env,
        List.copyOf(Objects.requireNonNullElse(secrets, List.of())),
        schedule,
        order);
  }

  private static EventFields fields(byte[] document) {
    String found;
    try {
      // There is a missing node for no text at all.
      if (Json.read(document) instanceof ObjectNode object) {
        return new EventFields(object);
      }
      found = document.length == 0 ? "nothing" : "something else than an object";
    } catch (MalformedJson e) {
      found = String.valueOf(e.getMessage());
    }
    throw new InvalidInput(
        "metadata", List.of(new Violation("$", found, "a stored contract, an object in JSON")));
  }

  private static @Nullable Status status(EventFields fields) {
    EventFields status = fields.requiredObject("status");
    if (status == null) {
      return null;
    }
    var state = status.requiredValue("state", "a contract's state", ContractState::ofWire);
    String message = status.text("msg");
    var timestamp = status.requiredValue("timestamp", TIMESTAMPS, ContractDocument::instant);
    return state == null || timestamp == null
        ? null
        : new Status(state, Objects.requireNonNullElse(message, ""), timestamp);
  }

  private static Map<String, String> env(EventFields fields) {
    var env = new LinkedHashMap<String, String>();
    fields.entries(
        "env",
        true,
        (_, name, value) -> {
          if (value != null) {
            env.put(name, value);
          }
        });
    return Collections.unmodifiableMap(env);
  }

  private static @Nullable Schedule schedule(EventFields fields) {
    var cron = fields.value("cron", CronExpression::parse);
    Integer seconds = fields.integer("seconds", Schedule.Every.ALLOWED);
    if (seconds != null) {
      return fields.value("$.seconds", seconds.toString(), s -> new Schedule.Every(seconds));
    }
    return cron == null ? null : new Schedule.Cron(cron);
  }

  private static String timestamp(Instant instant) {
    Instant time = instant.truncatedTo(ChronoUnit.MICROS);
    boolean whole = time.equals(time.truncatedTo(ChronoUnit.SECONDS));
    return (whole ? SECONDS : MICROSECONDS).format(time.atOffset(ZoneOffset.UTC));
  }

  private static Instant instant(String text) {
    if (TIMESTAMP.matcher(text).matches()) {
      try {
        return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(TIMESTAMPS, e);
      }
    }
    throw new IllegalArgumentException(TIMESTAMPS);
  }
}
