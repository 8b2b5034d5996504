package io.contractbuilder.cli;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.openfaas.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "invoke",
    description =
        "Calls a contract and prints its answer. Without --data the input is read from"
            + " standard input.")
final class InvokeCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "CONTRACT", description = "Its type or id.")
  private String contract = "";

  @Option(names = "--data", paramLabel = "TEXT", description = "The input.")
  private @Nullable String data;

  InvokeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Contract found = FoundContract.of(context.program(), contract);
    byte[] input =
        data == null ? context.in().readAllBytes() : data.getBytes(StandardCharsets.UTF_8);
    Invocation answer =
        context.program().gateway().invoke(found.id().functionName(), input, Map.of());
    context.console().result(answer.body());
    if (answer.status() / 100 == 2) {
      return ExitCode.DONE.code();
    }
    context
        .console()
        .event(Level.ERROR, "The contract answered with HTTP status " + answer.status());
    return ExitCode.FAILED.code();
  }
}
