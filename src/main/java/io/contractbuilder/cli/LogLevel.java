package io.contractbuilder.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The least level that is written: the setting {@code LOG_LEVEL}, {@code info} unless set. */
public record LogLevel(Level least) {
  /** Reads it; what is no level is told where the settings are read. */
  public static LogLevel of(@Nullable String text) {
    return new LogLevel(
        switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
          case "trace", "notset" -> Level.TRACE;
          case "debug" -> Level.DEBUG;
          case "warning", "warn" -> Level.WARN;
          case "error", "critical", "fatal" -> Level.ERROR;
          default -> Level.INFO;
        });
  }

  public boolean admits(Level level) {
    return level.toInt() >= least.toInt();
  }
}
