package io.contractbuilder.cli;

import io.contractbuilder.contract.ContractTaskReader;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "job",
    description = {
      "Does the one task that the environment variable EVENT holds, or the file that EVENT_FILE"
          + " names (Linux gives one variable 128 KiB). The same event again is a repeat and does"
          + " nothing that is done already."
    })
public final class JobCommand implements Callable<Integer> {
  private final Context context;

  JobCommand(Context context) {
    this.context = context;
  }

  /**
   * Does it without the command line's library, which is slow to load; answers with the exit code.
   */
  public static int run(Program program, Console console, Map<String, String> environment) {
    try {
      return job(program, console, environment).code();
    } catch (RuntimeException e) {
      return console.failed(e).code();
    }
  }

  @Override
  public Integer call() {
    return job(context.program(), context.console(), context.environment()).code();
  }

  private static ExitCode job(Program program, Console console, Map<String, String> environment) {
    var view = new ProgressView(console);
    return TaskEnd.of(program.run(event(environment), view), view);
  }

  private static byte[] event(Map<String, String> environment) {
    String event = environment.getOrDefault("EVENT", "");
    String file = environment.getOrDefault("EVENT_FILE", "");
    if (event.isEmpty() == file.isEmpty()) {
      throw wrong(
          event.isEmpty() ? "neither EVENT nor EVENT_FILE" : "both EVENT and EVENT_FILE",
          "one of the two");
    }
    return file.isEmpty() ? event.getBytes(StandardCharsets.UTF_8) : read(Path.of(file));
  }

  /** An event's file; one byte more than the limit is enough to see that it is too large. */
  static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(ContractTaskReader.MAX_EVENT + 1);
    } catch (IOException e) {
      throw wrong(
          "the file " + file + ", which cannot be read (" + e.getClass().getSimpleName() + ")",
          "a file with one event in JSON");
    }
  }

  private static InvalidInput wrong(String found, String allowed) {
    return new InvalidInput("event", List.of(new Violation("$", found, allowed)));
  }
}
