package io.contractbuilder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.json.Json;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.event.Level;

/**
 * Where people and programs read what goes on: results on {@code out}, the way there on {@code
 * err}, as lines for people if that is a terminal, else as one JSON object a line.
 */
public final class Console {
  private static final Duration PROGRESS = Duration.ofMillis(100);

  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final InstantSource clock;
  private final LogLevel least;
  private Instant nextProgress = Instant.MIN;
  private boolean partial;

  /**
   * @param least of events that are told; results always are
   */
  public Console(
      PrintStream out, PrintStream err, boolean terminal, InstantSource clock, LogLevel least) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
    this.least = least;
  }

  /** A line of the result. */
  public void result(String line) {
    clearPartial();
    out.println(line);
    out.flush();
  }

  /** Bytes of the result, as they are. */
  public void result(byte[] bytes) {
    clearPartial();
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  /** Something that happened; {@code fields} are for programs, {@code text} for people. */
  public void event(Level level, String text, ObjectNode fields) {
    if (!least.admits(level)) {
      return;
    }
    if (terminal) {
      clearPartial();
      err.println(text);
    } else {
      ObjectNode line = Json.object();
      line.put("time", LogTime.text(clock.instant()))
          .put("level", level.name().toLowerCase(Locale.ROOT))
          .put("message", text.strip());
      line.setAll(fields);
      err.println(Json.text(line));
    }
    err.flush();
  }

  /** Something that happened, without fields. */
  public void event(Level level, String text) {
    event(level, text, Json.object());
  }

  /** Says what failed, and how the command ends by it. */
  ExitCode failed(Throwable fault) {
    event(
        Level.ERROR,
        switch (fault) {
          case InvalidInput wrong -> String.valueOf(wrong.getMessage());
          case PartFailure failure -> String.valueOf(failure.getMessage());
          default -> "Unexpected: " + fault + at(fault) + ". This is a defect of the program.";
        });
    return ExitCode.of(fault);
  }

  private static String at(Throwable fault) {
    StackTraceElement[] trace = fault.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  /** The first word of an event, in a column of its own where people look. */
  String column(String word) {
    return terminal ? "  " + word + " ".repeat(Math.max(0, 12 - word.length())) : word + " ";
  }

  /** A line that the next one replaces; on a terminal only, and ten times a second at most. */
  public synchronized void progress(Supplier<String> text) {
    Instant now = clock.instant();
    if (terminal && !now.isBefore(nextProgress)) {
      nextProgress = now.plus(PROGRESS);
      err.print("\r\033[K" + text.get());
      err.flush();
      partial = true;
    }
  }

  private synchronized void clearPartial() {
    if (partial) {
      err.print("\r\033[K");
      partial = false;
    }
  }

  /** A duration for people: {@code 12 ms}, {@code 3.4 s}. */
  public static String time(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000 ? millis + " ms" : tenths(millis, 1000) + " s";
  }

  /** A number of bytes for people: {@code 512 B}, {@code 3.4 MB}. */
  public static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    return bytes < 1_000_000 ? tenths(bytes, 1000) + " kB" : tenths(bytes, 1_000_000) + " MB";
  }

  /** With one decimal; the library's formats take long to load. */
  private static String tenths(long value, long unit) {
    long tenths = (value + unit / 20) / (unit / 10);
    return tenths / 10 + "." + tenths % 10;
  }
}
