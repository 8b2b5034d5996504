package io.contractbuilder.cli;

import io.contractbuilder.doctor.Finding;
import io.contractbuilder.doctor.Finding.Cure;
import io.contractbuilder.doctor.Finding.End;
import io.contractbuilder.json.Json;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = {
      "Compares what storage, registry, gateway, keys, schedules, search index and ledger hold of"
          + " the contracts, and says where they disagree, what that means, and what it would do."
          + " Changes nothing.",
      "Ends with 0 if all is well, with 1 if disagreements are left, with 3 if none was found but"
          + " something could not be looked at (a job works on it, a part does not answer)."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = "--repair",
      description =
          "Does it: puts back what is stored elsewhere, removes what certainly nobody needs. Never"
              + " touches what a job works on.")
  private boolean repair;

  @Option(names = "--json", description = "Each finding as one JSON object a line.")
  private boolean json;

  DoctorCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var report = new Report();
    context.program().doctor(repair, report);
    report.end();
    ExitCode code =
        report.left > 0
            ? ExitCode.FAILED
            : report.passedOver > 0 ? ExitCode.RETRY_MAY_HELP : ExitCode.DONE;
    return code.code();
  }

  private final class Report implements Finding.Listener {
    private int repaired;
    private int left;
    private int passedOver;

    @Override
    public void found(Finding finding, End end, @Nullable String answer) {
      switch (end) {
        case REPAIRED -> repaired++;
        case LEFT, FAILED -> left++;
      }
      if (json) {
        var line = Json.object();
        line.put("kind", finding.kind()).put("subject", finding.subject());
        line.put("says", finding.says());
        switch (finding.cure()) {
          case Cure.Repair(String does) -> line.put("repair", does);
          case Cure.ByHand(String what) -> line.put("by_hand", what);
        }
        line.put("end", end.name().toLowerCase(Locale.ROOT));
        if (answer != null) {
          line.put("answer", answer);
        }
        context.console().result(Json.text(line));
        return;
      }
      print(word(end), finding.subject(), finding.says());
      String then =
          switch (finding.cure()) {
            case Cure.Repair(String does) ->
                switch (end) {
                  case LEFT -> "--repair would " + does;
                  case REPAIRED -> "did it: " + does;
                  case FAILED -> "could not " + does + ": " + answer;
                };
            case Cure.ByHand(String what) -> what;
          };
      context.console().result(" ".repeat(10) + "→ " + then);
    }

    @Override
    public void passedOver(String what, String why) {
      passedOver++;
      if (json) {
        context
            .console()
            .result(
                Json.text(
                    Json.object()
                        .put("kind", "passed_over")
                        .put("subject", what)
                        .put("says", why)));
      } else {
        print("not seen", what, why);
      }
    }

    private void print(String word, String subject, String says) {
      context.console().result(String.format(Locale.ROOT, "%-8s  %-36s  %s", word, subject, says));
    }

    private static String word(End end) {
      return switch (end) {
        case LEFT -> "WRONG";
        case REPAIRED -> "mended";
        case FAILED -> "FAILED";
      };
    }

    private void end() {
      if (!json) {
        context
            .console()
            .result(
                left + repaired + passedOver == 0
                    ? "All is well."
                    : left + " left, " + repaired + " repaired, " + passedOver + " not looked at.");
      }
    }
  }
}
