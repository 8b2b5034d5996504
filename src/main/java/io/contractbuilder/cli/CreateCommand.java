package io.contractbuilder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractTask;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "create",
    description = {
      "Makes a contract of a customer's image: builds the function's image, makes its API key,"
          + " deploys its secrets and its function, waits until it answers, schedules and ledgers"
          + " it. Prints the contract's id.",
      "What fails half-way is taken back."
    })
final class CreateCommand implements Callable<Integer> {
  private final Context context;

  @Option(names = "--type", paramLabel = "TYPE", description = "Its transaction type: its name.")
  private @Nullable String type;

  @Option(names = "--id", paramLabel = "ID", description = "Its id, a UUID (default: a new one).")
  private @Nullable String id;

  @Mixin private final ContractFlags contract = new ContractFlags();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "An event in JSON instead of all other flags.")
  private @Nullable Path file;

  CreateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ContractTask task = task();
    ExitCode end = context.run(task);
    if (end == ExitCode.DONE) {
      context.console().result(task.id().value());
    }
    return end.code();
  }

  private ContractTask task() {
    if (file != null) {
      if (type != null || id != null || contract.any()) {
        throw Flags.wrong("--file", "--file and other flags", "one of the two");
      }
      return TaskReading.fromFile(context.program(), file, "create");
    }
    ObjectNode event = TaskReading.event("create");
    event.put("txn_type", type);
    event.put("id", id == null ? ContractId.random(new SecureRandom()).value() : id);
    contract.writeTo(event, context.in());
    if (event.path("execution_order").isNull()) {
      event.put("execution_order", "serial");
    }
    ContractTask task = TaskReading.fromFlags(context.program(), event);
    refuseTypeOfAnother(task);
    return task;
  }

  /** Two of a type could not be told apart by it; an event's writer has seen to that. */
  private void refuseTypeOfAnother(ContractTask task) {
    for (Contract other : context.program().contracts()) {
      if (other.type().equals(task.type()) && !other.id().equals(task.id())) {
        throw Flags.wrong(
            "--type",
            "\"%s\", which contract %s (%s) has"
                .formatted(task.type(), other.id(), other.status().state().wire()),
            "another one; or update or delete that contract first (contract-builder update "
                + other.id()
                + ")");
      }
    }
  }
}
