package io.contractbuilder.job;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractDocument;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.job.DeployedImage.WatchdogUsed;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FunctionSpec;
import io.contractbuilder.openfaas.FunctionSpecs;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code CONTRACT_BUILDER/JOURNAL/<id>.json}. */
final class JournalDocument {
  static final String VERSION = "1";

  private JournalDocument() {}

  static byte[] write(Journal journal) {
    var node = Json.object();
    node.put("version", VERSION);
    node.put("contract", journal.contract().value());
    node.put("type", journal.type().value());
    node.put("identity", journal.identity());
    node.put("action", journal.action());
    node.put("transaction_id", journal.transactionId());
    node.put("state", journal.state.wire());
    node.put("started", journal.started().toString());
    node.put("ended", text(journal.ended));
    if (journal.isTombstone()) {
      return Json.write(node);
    }
    node.put("message", journal.message);
    node.set("decisions", decisions(journal));
    node.set("deployed", deployed(journal.deployed));
    var steps = node.putArray("steps");
    journal.steps.forEach(step -> steps.add(step(step)));
    texts(node.putArray("warnings"), journal.warnings);
    return Json.write(node);
  }

  private static ObjectNode decisions(Journal journal) {
    var node = Json.object();
    node.put("api_key_id", journal.apiKeyId);
    node.put("former_state", journal.formerState == null ? null : journal.formerState.wire());
    node.put("base_digest", text(journal.base));
    node.put("built_digest", text(journal.built));
    node.put("image_lost", journal.imageLost);
    node.set("watchdog", watchdog(journal.watchdog));
    node.put("function", name(journal.function));
    node.put("schedule_touched", journal.scheduleTouched);
    node.set("ready", function(journal.ready));
    texts(node.putArray("secrets_put"), journal.secretsPut);
    texts(node.putArray("secrets_made"), journal.secretsMade);
    texts(node.putArray("obsolete_images"), journal.obsoleteImages);
    texts(node.putArray("obsolete_secrets"), journal.obsoleteSecrets);
    Journal.Result result = journal.result;
    if (result != null) {
      var made = node.putObject("result");
      made.put("contract", new String(ContractDocument.write(result.contract()), US_ASCII));
      made.set("function", function(result.function()));
      made.set("image", deployed(result.image()));
    }
    return node;
  }

  private static @Nullable ObjectNode function(@Nullable FunctionSpec spec) {
    return spec == null ? null : FunctionSpecs.toJson(spec);
  }

  private static @Nullable FunctionSpec readFunction(JsonNode node) {
    return node.isObject() ? FunctionSpecs.fromJson(node) : null;
  }

  private static @Nullable ObjectNode deployed(@Nullable DeployedImage image) {
    if (image == null) {
      return null;
    }
    var node = Json.object();
    node.put("image_digest", image.image().value());
    node.put("base_digest", image.base().value());
    node.set("watchdog", watchdog(image.watchdog()));
    return node;
  }

  private static @Nullable ObjectNode watchdog(@Nullable WatchdogUsed watchdog) {
    if (watchdog == null) {
      return null;
    }
    var node = Json.object();
    node.put("setting", watchdog.setting());
    node.put("name", watchdog.name());
    node.put("version", watchdog.version());
    node.put("carries_any_argument", watchdog.carriesAnyArgument());
    return node;
  }

  private static ObjectNode step(StepRecord step) {
    var node = Json.object();
    node.put("step", step.step().wire());
    node.put("started", step.started().toString());
    node.put("millis", step.took().toMillis());
    node.put("end", name(step.end()));
    if (!step.answer().isEmpty()) {
      node.put("answer", step.answer());
      node.put("remedy", step.remedy());
    }
    return node;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is no such thing
   */
  static Journal read(byte[] document) {
    JsonNode node;
    try {
      node = Json.read(document);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
    if (!node.path("version").asText().equals(VERSION)) {
      throw new IllegalArgumentException("version " + node.path("version") + ", not 1");
    }
    try {
      return read(node);
    } catch (DateTimeException | InvalidInput e) {
      throw new IllegalArgumentException("a part of it cannot be read", e);
    }
  }

  private static Journal read(JsonNode node) {
    var journal =
        new Journal(
            new ContractId(node.required("contract").asText()),
            new TransactionType(node.required("type").asText()),
            node.required("identity").asText(),
            node.required("action").asText(),
            node.required("transaction_id").asText(),
            Instant.parse(node.required("started").asText()));
    journal.state = value(Journal.State.class, node.required("state"));
    journal.ended =
        node.path("ended").isTextual() ? Instant.parse(node.path("ended").asText()) : null;
    journal.message = node.path("message").asText();
    if (node.path("decisions").isObject()) {
      readDecisions(journal, node.path("decisions"));
    }
    journal.deployed = readDeployed(node.path("deployed"));
    node.path("steps").forEach(step -> journal.steps.add(readStep(step)));
    node.path("warnings").forEach(warning -> journal.warnings.add(warning.asText()));
    return journal;
  }

  private static void readDecisions(Journal journal, JsonNode node) {
    journal.apiKeyId = node.path("api_key_id").textValue();
    String former = node.path("former_state").textValue();
    journal.formerState = former == null ? null : state(former);
    journal.base = digest(node.path("base_digest"));
    journal.built = digest(node.path("built_digest"));
    journal.imageLost = node.path("image_lost").asBoolean();
    journal.watchdog =
        node.path("watchdog").isObject() ? readWatchdog(node.path("watchdog")) : null;
    journal.function = value(Journal.Mark.class, node.required("function"));
    journal.scheduleTouched = node.path("schedule_touched").asBoolean();
    journal.ready = readFunction(node.path("ready"));
    node.path("secrets_put").forEach(name -> journal.secretsPut.add(name.asText()));
    node.path("secrets_made").forEach(name -> journal.secretsMade.add(name.asText()));
    node.path("obsolete_images")
        .forEach(image -> journal.obsoleteImages.add(new Digest(image.asText())));
    node.path("obsolete_secrets").forEach(name -> journal.obsoleteSecrets.add(name.asText()));
    JsonNode result = node.path("result");
    if (result.isObject()) {
      journal.result =
          new Journal.Result(
              ContractDocument.read(result.required("contract").asText().getBytes(US_ASCII)),
              readFunction(result.path("function")),
              readDeployed(result.path("image")));
    }
  }

  private static @Nullable DeployedImage readDeployed(JsonNode node) {
    if (!node.isObject()) {
      return null;
    }
    return new DeployedImage(
        new Digest(node.required("image_digest").asText()),
        new Digest(node.required("base_digest").asText()),
        readWatchdog(node.required("watchdog")));
  }

  private static WatchdogUsed readWatchdog(JsonNode node) {
    return new WatchdogUsed(
        node.path("setting").textValue(),
        node.required("name").asText(),
        node.required("version").asText(),
        node.required("carries_any_argument").asBoolean());
  }

  private static StepRecord readStep(JsonNode node) {
    return new StepRecord(
        value(Step.class, node.required("step")),
        Instant.parse(node.required("started").asText()),
        Duration.ofMillis(node.required("millis").asLong()),
        value(StepRecord.End.class, node.required("end")),
        node.path("answer").asText(),
        node.path("remedy").asText());
  }

  private static ContractState state(String wire) {
    return ContractState.valueOf(wire.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }

  private static @Nullable Digest digest(JsonNode node) {
    return node.isTextual() ? new Digest(node.asText()) : null;
  }

  private static <E extends Enum<E>> E value(Class<E> type, JsonNode node) {
    return Enum.valueOf(type, node.asText().toUpperCase(Locale.ROOT));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static void texts(ArrayNode array, Iterable<?> values) {
    values.forEach(value -> array.add(value.toString()));
  }
}
