package io.contractbuilder.app;

import io.contractbuilder.cli.Cli;
import io.contractbuilder.cli.Console;
import io.contractbuilder.cli.JobCommand;
import io.contractbuilder.cli.LogLevel;
import io.contractbuilder.cli.WrapCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The entry point. */
public final class Main {
  /** How long a signal waits for the command to end cleanly. */
  private static final Duration GRACE = Duration.ofSeconds(25);

  private Main() {}

  public static void main(String[] arguments) {
    HeadStart.begin();
    var cancelled = new AtomicBoolean();
    var ended = new AtomicBoolean();
    var out = stream(FileDescriptor.out);
    var err = stream(FileDescriptor.err);
    var console =
        new Console(
            out,
            err,
            Boolean.getBoolean("contractbuilder.terminal"),
            InstantSource.system(),
            LogLevel.of(System.getenv("LOG_LEVEL")));
    Path home = Path.of(System.getProperty("contractbuilder.home", "dist")).toAbsolutePath();
    int code;
    try (Wiring wiring = new Wiring(System.getenv(), home, cancelled::get)) {
      endOnSignal(Thread.currentThread(), wiring, cancelled, ended);
      code = run(wiring, console, System.getenv(), arguments);
    }
    out.flush();
    err.flush();
    ended.set(true);
    // After a signal the VM is ending already, with the signal's code.
    if (!cancelled.get()) {
      Runtime.getRuntime().halt(code);
    }
  }

  /** Runs the command that the arguments name; answers with the exit code. */
  static int run(
      Wiring wiring, Console console, Map<String, String> environment, String... arguments) {
    String name = arguments.length == 0 ? "" : arguments[0];
    if (name.equals("job") && arguments.length == 1) {
      return JobCommand.run(wiring, console, environment);
    }
    @Nullable Integer wrapped =
        name.equals("wrap")
            ? WrapCommand.run(wiring, console, System.in, environment, arguments)
            : null;
    return wrapped != null
        ? wrapped
        : new Cli(wiring, console, System.in, environment).run(arguments);
  }

  /** The command's thread is interrupted, and the VM ends when it has come to its end. */
  private static void endOnSignal(
      Thread command, Wiring wiring, AtomicBoolean cancelled, AtomicBoolean ended) {
    Runnable end =
        () -> {
          if (ended.get()) {
            return;
          }
          cancelled.set(true);
          command.interrupt();
          wiring.abort(command);
          try {
            command.join(GRACE);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(end));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
