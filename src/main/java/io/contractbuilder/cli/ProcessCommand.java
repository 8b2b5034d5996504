package io.contractbuilder.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "process",
    description = {
      "Does the tasks that the chain pushes to its Redis (REDIS_ENDPOINT), in the foreground:"
          + " those of one contract one after another, those of different contracts at the same"
          + " time. Several processes may share the tasks; what one that was killed had in hand,"
          + " another does.",
      "SIGTERM ends it: the running tasks go on for CONTRACT_BUILDER_STOP_LIMIT, then they are"
          + " handed back. A second SIGTERM ends it at once."
    })
final class ProcessCommand implements Callable<Integer> {
  private static final int MOST = 256;

  private final Context context;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many tasks are done at a time (default: as many as there are cores).")
  private @Nullable Integer workers;

  ProcessCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    int number = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
    if (number < 1 || number > MOST) {
      throw Flags.wrong("--workers", Integer.toString(number), "1 to " + MOST);
    }
    context.program().process(number, () -> new ProgressView(context.console()));
    return ExitCode.DONE.code();
  }
}
