package io.contractbuilder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractTask;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "update",
    description = {
      "Changes a contract, and does only what the change makes necessary. What is not given stays"
          + " as it is.",
      "An update that fails leaves the former version serving."
    })
final class UpdateCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(arity = "0..1", paramLabel = "CONTRACT", description = "Its type or id.")
  private @Nullable String name;

  @Mixin private final ContractFlags contract = new ContractFlags();

  @Option(
      names = "--unset-env",
      paramLabel = "NAME",
      description = "Takes a variable away; repeatable.")
  private List<String> unsetEnv = List.of();

  @Option(
      names = "--unset-secret",
      paramLabel = "NAME",
      description = "Takes a secret away; repeatable.")
  private List<String> unsetSecrets = List.of();

  @Option(names = "--no-schedule", description = "Takes its schedule away.")
  private boolean noSchedule;

  @Option(names = "--active", description = "Takes calls, and runs by its schedule.")
  private boolean active;

  @Option(names = "--inactive", description = "Keeps everything, but does not run by itself.")
  private boolean inactive;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "An event in JSON instead of CONTRACT and all other flags.")
  private @Nullable Path file;

  UpdateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return context.run(task()).code();
  }

  private ContractTask task() {
    Flags.requireOne(name, file);
    if (file != null) {
      if (contract.any()
          || !unsetEnv.isEmpty()
          || !unsetSecrets.isEmpty()
          || noSchedule
          || active
          || inactive) {
        throw Flags.wrong("--file", "--file and other flags", "one of the two");
      }
      return TaskReading.fromFile(context.program(), file, "update");
    }
    if (active && inactive) {
      throw Flags.wrong("--active", "--active and --inactive", "one of the two");
    }
    Contract found = FoundContract.of(context.program(), String.valueOf(name));
    ObjectNode event = TaskReading.event("update");
    event.put("txn_type", found.type().value()).put("id", found.id().value());
    contract.writeTo(event, context.in());
    ObjectNode env = event.withObjectProperty("env");
    warnOfUnknown("--unset-env", unsetEnv, found.env()::containsKey);
    List<String> secrets = found.existingSecrets();
    warnOfUnknown(
        "--unset-secret", unsetSecrets, name -> secrets.stream().anyMatch(name::equalsIgnoreCase));
    unsetEnv.forEach(env::putNull);
    unsetSecrets.forEach(event.putArray("unset_secrets")::add);
    event.put("disable_schedule", noSchedule);
    if (active || inactive) {
      event.put("desired_state", active ? "active" : "inactive");
    }
    return TaskReading.fromFlags(context.program(), event);
  }

  /** To take away what is not there changes nothing: a mistyped name would go unseen. */
  private void warnOfUnknown(String flag, List<String> names, Predicate<String> isThere) {
    names.stream()
        .filter(isThere.negate())
        .map(name -> "warning: " + flag + " " + name + ": the contract has none of this name")
        .forEach(warning -> context.console().event(Level.WARN, warning));
  }
}
