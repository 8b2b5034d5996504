package io.contractbuilder.app;

import io.contractbuilder.cli.Console;
import io.contractbuilder.cli.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** The program's commands in this process: the same wiring, without a launch. */
public final class InProcess {
  private InProcess() {}

  /**
   * How a command ended.
   *
   * @param said on both streams
   */
  public record Ended(int code, String said) {
    /** What was no mere progress. */
    public String complaints() {
      return String.join(
          "\n", said.lines().filter(line -> !line.contains("\"level\":\"info\"")).toList());
    }
  }

  /** Does the task of the environment's event. */
  public static Ended job(Map<String, String> environment) {
    return command(environment, "job");
  }

  /** Runs a command of the command line. */
  public static Ended command(Map<String, String> environment, String... arguments) {
    var said = new ByteArrayOutputStream();
    var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    var console = new Console(stream, stream, false, InstantSource.system(), LogLevel.of(null));
    try (var wiring = new Wiring(environment, Path.of("dist").toAbsolutePath(), () -> false)) {
      int code = Main.run(wiring, console, environment, arguments);
      return new Ended(code, said.toString(StandardCharsets.UTF_8));
    }
  }
}
