package io.contractbuilder.cli;

import io.contractbuilder.cli.Program.CheckedPart;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;

@Command(
    name = "check",
    description = {
      "Contacts every part that the settings name, one after another, and says of each whether it"
          + " answers, with what version, and what to do if not. Nothing that is there is changed: in"
          + " the storage one object of its own is written, read and removed.",
      "Ends with 0 if all answer, else with 1."
    })
final class CheckCommand implements Callable<Integer> {
  private final Context context;

  CheckCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var silent = new AtomicInteger();
    context.program().check(part -> print(part, silent));
    return (silent.get() == 0 ? ExitCode.DONE : ExitCode.FAILED).code();
  }

  private void print(CheckedPart part, AtomicInteger silent) {
    if (!part.answers()) {
      silent.incrementAndGet();
    }
    context
        .console()
        .result(
            String.format(
                Locale.ROOT,
                "%-6s  %-16s  %s",
                part.answers() ? "ok" : "FAILED",
                part.name(),
                part.says()));
    if (!part.remedy().isEmpty()) {
      context.console().result(" ".repeat(26) + "→ " + part.remedy());
    }
  }
}
