package io.contractbuilder.cli;

import io.contractbuilder.contract.Contract;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", description = "Lists the contracts.")
final class ListCommand implements Callable<Integer> {
  private final Context context;

  ListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Contract> contracts = context.program().contracts();
    row("ID", "TYPE", "STATE", "IMAGE");
    for (Contract c : contracts) {
      row(c.id().value(), c.type().value(), c.status().state().wire(), c.image());
    }
    return ExitCode.DONE.code();
  }

  private void row(String id, String type, String state, String image) {
    context
        .console()
        .result(String.format(Locale.ROOT, "%-36s  %-20s  %-13s  %s", id, type, state, image));
  }
}
