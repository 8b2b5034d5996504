package io.contractbuilder.cli;

import io.contractbuilder.job.Outcome;
import io.contractbuilder.json.Json;
import java.util.List;
import org.slf4j.event.Level;

/** Says how a task ended, and gives the exit code for it. */
final class TaskEnd {
  private TaskEnd() {}

  static ExitCode of(Outcome outcome, ProgressView view) {
    return switch (outcome) {
      case Outcome.Done done -> {
        if (done.repeat()) {
          view.tell(
              Level.INFO, "This task was done before; nothing was to be done.", Json.object());
        }
        yield ExitCode.DONE;
      }
      case Outcome.Retry retry -> {
        failed(view, retry.reason(), retry.leftovers(), "Running it again may help.");
        yield ExitCode.RETRY_MAY_HELP;
      }
      case Outcome.Failed failed -> {
        failed(view, failed.reason(), failed.leftovers(), "");
        yield ExitCode.FAILED;
      }
    };
  }

  private static void failed(
      ProgressView view, String reason, List<String> leftovers, String advice) {
    var text = new StringBuilder(reason);
    leftovers.forEach(left -> text.append("\nLeft behind: ").append(left));
    if (!advice.isEmpty()) {
      text.append('\n').append(advice);
    }
    var fields = Json.object();
    leftovers.forEach(fields.putArray("leftovers")::add);
    view.tell(Level.ERROR, text.toString(), fields);
  }
}
