package io.contractbuilder.cli;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.json.Json;
import io.contractbuilder.queue.DeadLetters.DeadLetter;
import io.contractbuilder.queue.EventSummary;
import java.util.List;
import java.util.Locale;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "queue",
    description = {
      "Shows the tasks of the chain's queue that failed for good (the dead letters), lets them wait"
          + " again, or drops them."
    })
final class QueueCommand implements Runnable {
  private static final int SHOWN = 100;

  private final Context context;
  @Spec private @Nullable CommandSpec spec;

  QueueCommand(Context context) {
    this.context = context;
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "No command was given.");
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists them, the oldest first.")
  int list() {
    row("NUMBER", "FAILED", "ACTION", "CONTRACT", "REASON");
    for (DeadLetter letter : context.program().deadLetters().all()) {
      String reason = letter.reason().replaceAll("\\s+", " ");
      row(
          Long.toString(letter.number()),
          letter.failed().toString(),
          letter.action(),
          letter.contract(),
          reason.length() > SHOWN ? reason.substring(0, SHOWN) + "…" : reason);
    }
    return ExitCode.DONE.code();
  }

  private void row(String number, String failed, String action, String contract, String reason) {
    context
        .console()
        .result(
            String.format(
                Locale.ROOT,
                "%8s  %-24s  %-6s  %-36s  %s",
                number,
                failed,
                action,
                contract,
                reason));
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Shows one as JSON, with its event; every value of it that may be a secret is masked.")
  int show(@Parameters(paramLabel = "NUMBER") long number) {
    DeadLetter letter = context.program().deadLetters().find(number);
    if (letter == null) {
      throw none(number);
    }
    var shown = Json.object();
    shown
        .put("number", letter.number())
        .put("contract", letter.contract())
        .put("action", letter.action())
        .put("reason", letter.reason())
        .put("arrived", letter.arrived().toString())
        .put("failed", letter.failed().toString())
        .put("attempts", letter.attempts())
        .put("bytes", letter.event().length)
        .set("event", EventSummary.of(letter.event()).shown());
    context.console().result(shown.toPrettyString());
    return ExitCode.DONE.code();
  }

  @Command(
      name = "retry",
      mixinStandardHelpOptions = true,
      description = "Lets them wait again, each behind all that waits for its contract.")
  int retry(@Parameters(paramLabel = "NUMBER", arity = "1..*") List<Long> numbers) {
    return each(numbers, context.program().deadLetters()::retry);
  }

  @Command(
      name = "drop",
      mixinStandardHelpOptions = true,
      description = "Removes them with their events: they are never done.")
  int drop(@Parameters(paramLabel = "NUMBER", arity = "1..*") List<Long> numbers) {
    return each(numbers, context.program().deadLetters()::drop);
  }

  private static int each(List<Long> numbers, LongPredicate action) {
    for (long number : numbers) {
      if (!action.test(number)) {
        throw none(number);
      }
    }
    return ExitCode.DONE.code();
  }

  private static InvalidInput none(long number) {
    return Flags.wrong("NUMBER", Long.toString(number), "a number that `queue list` shows");
  }
}
