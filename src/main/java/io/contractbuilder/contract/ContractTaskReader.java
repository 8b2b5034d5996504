package io.contractbuilder.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads contract tasks in the form of the chain's {@code EVENT}. Every violation of every field is
 * reported at once, with its JSON path; no secret, credential or variable's value is ever quoted.
 * Fields that the chain does not know are passed over, as the chain itself does.
 */
public final class ContractTaskReader {
  /** Largest event, in bytes. */
  public static final int MAX_EVENT = 1 << 20;

  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final Origin origin;
  private final Function<@Nullable String, ArgumentRules> rules;

  /** Who wrote a task. */
  public enum Origin {
    /** Anybody: an event names images in registries only. */
    EVENT,
    /**
     * Who runs the program: may also name folders and files of this machine, and use the fields
     * {@code unset_secrets} (array of names) and {@code watchdog}.
     */
    COMMAND_LINE
  }

  /**
   * @param rules of a watchdog that a task names; of null: of the configured one
   */
  public ContractTaskReader(Origin origin, Function<@Nullable String, ArgumentRules> rules) {
    this.origin = origin;
    this.rules = rules;
  }

  /**
   * Reads a task.
   *
   * @throws InvalidInput with all that is wrong
   */
  public ContractTask read(byte[] event) {
    if (event.length == 0) {
      throw invalid("nothing", "one task in JSON");
    }
    if (event.length > MAX_EVENT) {
      throw invalid("more than 1 MiB", "at most 1 MiB (1,048,576 bytes)");
    }
    JsonNode node;
    try {
      node = Json.read(event);
    } catch (MalformedJson e) {
      throw invalid(String.valueOf(e.getMessage()), "one task in JSON (RFC 8259), each key once");
    }
    if (!(node instanceof ObjectNode object)) {
      throw invalid("something else than an object", "one task, an object in JSON");
    }
    return read(object);
  }

  /** The same for a task that is a tree already. */
  public ContractTask read(ObjectNode event) {
    var fields = new EventFields(event);
    String version = fields.requiredText("version", "\"1\"");
    if (version != null && !version.equals("1")) {
      fields.violate("$.version", EventFields.quoted(version), "\"1\"");
    }
    String action = fields.requiredText("task_type", "\"create\", \"update\" or \"delete\"");
    var id = fields.requiredValue("id", "a UUID of version 4", ContractId::new);
    var type =
        fields.requiredValue("txn_type", "the contract's transaction type", TransactionType::new);
    // Read whatever the action is, so that every mistake is seen; null where it had one.
    @Nullable ContractTask task =
        switch (action) {
          case "create" -> create(fields, id, type);
          case "update" -> update(fields, id, type);
          case "delete" -> delete(fields, id, type);
          case null -> null;
          default -> {
            fields.violate(
                "$.task_type", EventFields.quoted(action), "\"create\", \"update\" or \"delete\"");
            yield null;
          }
        };
    if (task == null || !fields.violations().isEmpty()) {
      throw new InvalidInput("event", fields.violations());
    }
    return task;
  }

  private @Nullable ContractTask create(
      EventFields fields, @Nullable ContractId id, @Nullable TransactionType type) {
    var image = image(fields, fields.requiredText("image", "an image reference"));
    var auth = TaskFields.auth(fields);
    String watchdog = watchdog(fields);
    String cmd = command(fields, true);
    List<String> args = arguments(fields, rules.apply(watchdog));
    var env = new LinkedHashMap<String, String>();
    TaskFields.env(fields, env, null);
    var secrets = TaskFields.secrets(fields);
    var schedule = TaskFields.schedule(fields);
    var order =
        fields.requiredValue(
            "execution_order", "\"serial\" or \"parallel\"", ExecutionOrder::ofWire);
    return id == null || type == null || image == null || cmd == null || order == null
        ? null
        : new CreateContract(
            id,
            type,
            image,
            auth,
            cmd,
            args == null ? List.of() : List.copyOf(args),
            Collections.unmodifiableMap(env),
            secrets,
            schedule,
            order,
            watchdog);
  }

  private @Nullable ContractTask update(
      EventFields fields, @Nullable ContractId id, @Nullable TransactionType type) {
    var image = image(fields, fields.text("image"));
    var auth = TaskFields.auth(fields);
    String watchdog = watchdog(fields);
    String cmd = command(fields, false);
    // Which watchdog the contract has is not known here: the job looks.
    List<String> args =
        arguments(fields, watchdog == null ? ArgumentRules.ANY : rules.apply(watchdog));
    var env = new LinkedHashMap<String, String>();
    var unsetEnv = new LinkedHashSet<String>();
    TaskFields.env(fields, env, unsetEnv);
    var secrets = TaskFields.secrets(fields);
    var unsetSecrets = unsetSecrets(fields, secrets.keySet());
    var schedule = TaskFields.schedule(fields);
    boolean disable = fields.flag("disable_schedule");
    if (disable && (fields.has("cron") || fields.has("seconds"))) {
      fields.violate("$.disable_schedule", "true and a schedule", "one of the two");
    }
    var order = fields.value("execution_order", ExecutionOrder::ofWire);
    var start = fields.value("start_state", ContractState::ofWire);
    var desired = fields.value("desired_state", ContractTaskReader::desiredState);
    return id == null || type == null
        ? null
        : new UpdateContract(
            id,
            type,
            image,
            auth,
            cmd,
            // The webserver writes [] where none were given.
            args == null || args.isEmpty() ? null : List.copyOf(args),
            Collections.unmodifiableMap(env),
            unsetEnv,
            secrets,
            unsetSecrets,
            schedule,
            disable,
            order,
            start,
            desired,
            watchdog);
  }

  private static @Nullable ContractTask delete(
      EventFields fields, @Nullable ContractId id, @Nullable TransactionType type) {
    var digest = fields.value("image_digest", Digest::new);
    var key =
        fields.value(
            "auth_key_id",
            text -> {
              if (!KEY_ID.matcher(text).matches()) {
                throw new IllegalArgumentException("up to 64 letters, digits, '_' and '-'");
              }
              return text;
            });
    // Lower-cased, as in the names that were deployed.
    var existing = fields.values("existing_secrets", TaskFields::lowerCased);
    return id == null || type == null
        ? null
        : new DeleteContract(
            id,
            type,
            digest,
            key,
            existing == null ? List.of() : existing.stream().distinct().toList(),
            words(fields));
  }

  /** Whatever the contract was started with: it is only told. */
  private static List<String> words(EventFields fields) {
    var words = new ArrayList<String>();
    String cmd = fields.text("cmd");
    if (cmd != null) {
      words.add(cmd);
    }
    var args = fields.values("args", text -> text);
    words.addAll(args == null ? List.of() : args);
    return List.copyOf(words);
  }

  private @Nullable ImageReference image(EventFields fields, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return image(text);
    } catch (IllegalArgumentException e) {
      // Who writes user:password@registry/… must not find the password in a message.
      int digest = text.lastIndexOf("@sha256:");
      int at = text.lastIndexOf('@', digest < 0 ? text.length() : digest - 1);
      String shown = at < 0 ? text : "***" + text.substring(at);
      fields.violate("$.image", EventFields.quoted(shown), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private ImageReference image(String text) {
    ImageReference image = ImageReference.parse(text);
    if (origin == Origin.EVENT && !(image instanceof ImageReference.InRegistry)) {
      throw new IllegalArgumentException(
          "an image in a registry; files and folders of the builder's machine are for its command"
              + " line only");
    }
    return image;
  }

  private static @Nullable String command(EventFields fields, boolean required) {
    String cmd = required ? fields.requiredText("cmd", "the command") : fields.text("cmd");
    // It may hold several words, which every watchdog takes apart.
    if (cmd != null && (cmd.isBlank() || !ArgumentRules.ANY.carries(cmd))) {
      fields.violate("$.cmd", EventFields.quoted(cmd), "not empty; " + ArgumentRules.ANY.allowed());
    }
    return cmd;
  }

  private static @Nullable List<String> arguments(EventFields fields, ArgumentRules rules) {
    return fields.values(
        "args",
        text -> {
          if (!rules.carries(text)) {
            throw new IllegalArgumentException(rules.allowed());
          }
          return text;
        });
  }

  private Set<SecretName> unsetSecrets(EventFields fields, Set<SecretName> set) {
    if (origin == Origin.EVENT) {
      return Set.of();
    }
    return new LinkedHashSet<>(
        Objects.requireNonNullElse(
            fields.values(
                "unset_secrets",
                text -> {
                  SecretName name = TaskFields.secretName(text);
                  if (set.contains(name)) {
                    throw new IllegalArgumentException("a name that is not set at the same time");
                  }
                  return name;
                }),
            List.of()));
  }

  private static ContractState desiredState(String text) {
    return switch (text) {
      case "active" -> ContractState.ACTIVE;
      case "inactive" -> ContractState.INACTIVE;
      default -> throw new IllegalArgumentException("\"active\" or \"inactive\", or null");
    };
  }

  private @Nullable String watchdog(EventFields fields) {
    return origin == Origin.COMMAND_LINE ? fields.text("watchdog") : null;
  }

  private static InvalidInput invalid(String found, String allowed) {
    return new InvalidInput("event", List.of(new Violation("$", found, allowed)));
  }
}
