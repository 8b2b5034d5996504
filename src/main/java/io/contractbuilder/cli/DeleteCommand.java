package io.contractbuilder.cli;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.DeleteContract;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = {
      "Removes a contract and all that belongs to it: schedule, secrets, function, image, data and"
          + " API key. What cannot be removed is named, and running it again removes the rest."
    })
final class DeleteCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(arity = "0..1", paramLabel = "CONTRACT", description = "Its type or id.")
  private @Nullable String name;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "An event in JSON instead of CONTRACT.")
  private @Nullable Path file;

  DeleteCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return context.run(task()).code();
  }

  private ContractTask task() {
    Flags.requireOne(name, file);
    if (file != null) {
      return TaskReading.fromFile(context.program(), file, "delete");
    }
    Contract found = FoundContract.of(context.program(), String.valueOf(name));
    // What is stored of the contract says the rest.
    return new DeleteContract(
        found.id(), found.type(), found.imageDigest(), found.authKeyId(), List.of());
  }
}
