package io.contractbuilder.cli;

import io.contractbuilder.job.Outcome;
import io.contractbuilder.json.Json;
import java.util.List;

/** Says how a task ended, and gives the exit code for it. */
final class TaskEnd {
  private TaskEnd() {}

  static ExitCode of(Outcome outcome, Console console) {
    return switch (outcome) {
      case Outcome.Done done -> {
        if (done.repeat()) {
          console.event("info", "This task was done before; nothing was to be done.");
        }
        yield ExitCode.DONE;
      }
      case Outcome.Retry retry -> {
        failed(console, retry.reason(), retry.leftovers(), "Running it again may help.");
        yield ExitCode.RETRY_MAY_HELP;
      }
      case Outcome.Failed failed -> {
        failed(console, failed.reason(), failed.leftovers(), "");
        yield ExitCode.FAILED;
      }
    };
  }

  private static void failed(
      Console console, String reason, List<String> leftovers, String advice) {
    var text = new StringBuilder(reason);
    leftovers.forEach(left -> text.append("\nLeft behind: ").append(left));
    if (!advice.isEmpty()) {
      text.append('\n').append(advice);
    }
    var fields = Json.object();
    leftovers.forEach(fields.putArray("leftovers")::add);
    console.event("error", text.toString(), fields);
  }
}
