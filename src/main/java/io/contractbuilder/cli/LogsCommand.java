package io.contractbuilder.cli;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.openfaas.LogLine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Prints what a contract's function wrote last.")
final class LogsCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "CONTRACT", description = "Its type or id.")
  private String contract = "";

  @Option(
      names = "--tail",
      paramLabel = "LINES",
      defaultValue = "100",
      description = "How many lines at most (default ${DEFAULT-VALUE}).")
  private int tail;

  LogsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Contract found = FoundContract.of(context.program(), contract);
    for (LogLine line : context.program().gateway().logs(found.id().functionName(), tail)) {
      context.console().result(line.timestamp() + " " + line.text());
    }
    return ExitCode.DONE.code();
  }
}
