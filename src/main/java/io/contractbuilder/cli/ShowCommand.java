package io.contractbuilder.cli;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.Violation;
import io.contractbuilder.job.Journal;
import io.contractbuilder.openfaas.FunctionStatus;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Shows a contract: what is stored, and what the gateway says of its function.")
final class ShowCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "CONTRACT", description = "Its type or id.")
  private String contract = "";

  @Option(
      names = "--history",
      description =
          "What its last job did: each step, how long it took, what became of it and what to do"
              + " about a failure. By its id also of a contract that was deleted in the last 7"
              + " days.")
  private boolean history;

  ShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (history) {
      new HistoryView(context.console()).show(journal());
      return ExitCode.DONE.code();
    }
    Contract c = FoundContract.of(context.program(), contract);
    line("id", c.id().value());
    line("type", c.type().value());
    line(
        "state",
        c.status().state().wire()
            + (c.status().message().isEmpty() ? "" : " (" + c.status().message() + ")"));
    line("since", c.status().timestamp().toString());
    line("image", c.image());
    line("built image", c.imageDigest() == null ? "none" : c.imageDigest().value());
    line("command", String.join(" ", concat(c.cmd(), c.args())));
    c.env().forEach((name, value) -> line("env " + name, value));
    line("secrets", String.join(", ", c.existingSecrets()));
    line("schedule", schedule(c.schedule()));
    line("order", c.executionOrder().wire());
    line("api key", c.authKeyId() == null ? "none" : c.authKeyId());
    line("function", function(c));
    return ExitCode.DONE.code();
  }

  private Journal journal() {
    ContractId id =
        ContractId.isValid(contract)
            ? new ContractId(contract)
            : FoundContract.of(context.program(), contract).id();
    Journal journal = context.program().journal(id);
    if (journal == null) {
      throw new InvalidInput(
          "contract's name",
          List.of(
              new Violation(
                  "CONTRACT", '"' + contract + '"', "a contract that this program worked on")));
    }
    return journal;
  }

  private String function(Contract c) {
    FunctionStatus status = context.program().gateway().function(c.id().functionName());
    return status == null
        ? "not deployed"
        : status.availableReplicas()
            + " of "
            + status.replicas()
            + " replicas available, "
            + status.image();
  }

  private static String schedule(@Nullable Schedule schedule) {
    return switch (schedule) {
      case null -> "none";
      case Schedule.Cron cron -> "cron " + cron.expression();
      case Schedule.Every every -> "every " + every.seconds() + " s";
    };
  }

  private static List<String> concat(String first, List<String> rest) {
    var all = new java.util.ArrayList<String>();
    all.add(first);
    all.addAll(rest);
    return all;
  }

  private void line(String name, String value) {
    context.console().result(String.format(Locale.ROOT, "%-12s %s", name, value).stripTrailing());
  }
}
