package io.contractbuilder.cli;

import io.contractbuilder.job.Journal;
import io.contractbuilder.job.StepRecord;
import java.time.Instant;
import java.util.Locale;

/** Shows what a contract's last job did: each step, how long it took, what became of it. */
final class HistoryView {
  private final Console console;

  HistoryView(Console console) {
    this.console = console;
  }

  void show(Journal journal) {
    line("contract", journal.contract() + " (" + journal.type() + ")");
    line("last job", journal.action());
    line("transaction", journal.transactionId());
    line("started", journal.started().toString());
    line("ended", ended(journal));
    if (!journal.message().isEmpty()) {
      line("because", journal.message());
    }
    journal.steps().forEach(this::step);
    journal.warnings().forEach(warning -> line("warning", warning));
  }

  private static String ended(Journal journal) {
    Instant ended = journal.ended();
    if (ended == null) {
      return "no: it goes on, or was cut off, and the same again goes on";
    }
    return journal.state().name().toLowerCase(Locale.ROOT) + " " + ended;
  }

  private void step(StepRecord step) {
    String name = "  " + step.step().wire();
    switch (step.end()) {
      case DONE -> line(name, Console.time(step.took()));
      case SKIPPED -> line(name, "not necessary");
      case FAILED -> {
        line(name, "failed after " + Console.time(step.took()) + ": " + step.answer());
        if (!step.remedy().isEmpty()) {
          line("", "→ " + step.remedy());
        }
      }
    }
  }

  private void line(String name, String value) {
    console.result(String.format(Locale.ROOT, "%-13s %s", name, value).stripTrailing());
  }
}
