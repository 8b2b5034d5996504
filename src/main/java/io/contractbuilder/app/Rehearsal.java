package io.contractbuilder.app;

import io.contractbuilder.cli.Console;
import io.contractbuilder.cli.LogLevel;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;

/** Runs several commands in one process, for the training of the AOT cache: {@code lib/train}. */
final class Rehearsal {
  private Rehearsal() {}

  /**
   * @param arguments one: commands parted by semicolons, with arguments that have no spaces; the
   *     last one ends the process as the program does
   */
  public static void main(String[] arguments) {
    String[] commands = arguments[0].split(";\\s*", -1);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    Path home = Path.of(System.getProperty("contractbuilder.home", "dist")).toAbsolutePath();
    for (String command : Arrays.asList(commands).subList(0, commands.length - 1)) {
      var console = new Console(out, out, false, InstantSource.system(), LogLevel.of(null));
      try (Wiring wiring = new Wiring(System.getenv(), home, () -> false)) {
        int code = Main.run(wiring, console, System.getenv(), command.split(" ", -1));
        if (code != 0) {
          throw new IllegalStateException(command + " ended with " + code);
        }
      }
    }
    out.flush();
    Main.main(commands[commands.length - 1].split(" ", -1));
  }
}
