package io.contractbuilder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.ContractTaskReader;
import io.contractbuilder.contract.ContractTaskReader.Origin;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import io.contractbuilder.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes tasks of flags, and of events in files. */
final class TaskReading {
  private static final Map<String, String> FLAGS =
      Map.ofEntries(
          Map.entry("$.id", "--id"),
          Map.entry("$.txn_type", "--type"),
          Map.entry("$.image", "--image"),
          Map.entry("$.auth", "--auth"),
          Map.entry("$.cmd", "--cmd"),
          Map.entry("$.args", "--arg"),
          Map.entry("$.env", "--env"),
          Map.entry("$.secrets", "--secret"),
          Map.entry("$.unset_secrets", "--unset-secret"),
          Map.entry("$.cron", "--cron"),
          Map.entry("$.seconds", "--every"),
          Map.entry("$.disable_schedule", "--no-schedule"),
          Map.entry("$.execution_order", "--order"));

  private TaskReading() {}

  /** An event with the fields that every task has. */
  static ObjectNode event(String action) {
    return Json.object().put("version", "1").put("task_type", action);
  }

  /** The task of an event that was made of flags. */
  static ContractTask fromFlags(Program program, ObjectNode event) {
    try {
      return reader(program).read(event);
    } catch (InvalidInput e) {
      List<Violation> byFlag =
          e.violations().stream()
              .map(v -> new Violation(flag(v.path()), v.found(), v.allowed()))
              .toList();
      throw new InvalidInput("command line", byFlag);
    }
  }

  /** The task of the event in a file, which must be of one action. */
  static ContractTask fromFile(Program program, Path file, String action) {
    ContractTask task = reader(program).read(JobCommand.read(file));
    if (!task.action().equals(action)) {
      throw new InvalidInput(
          "event",
          List.of(
              new Violation(
                  "$.task_type",
                  '"' + task.action() + '"',
                  '"' + action + "\" (or contract-builder " + task.action() + ")")));
    }
    return task;
  }

  private static ContractTaskReader reader(Program program) {
    return new ContractTaskReader(Origin.COMMAND_LINE, program::argumentRules);
  }

  /** {@code $.env.RATE} as {@code --env RATE}. */
  private static String flag(String path) {
    int end = 2;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    String field = path.substring(0, Math.min(end, path.length()));
    String rest = path.substring(field.length());
    String flag = FLAGS.getOrDefault(field, field);
    return rest.startsWith(".") ? flag + " " + rest.substring(1) : flag + rest;
  }
}
