package io.contractbuilder.app;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The least level that is written: the setting {@code LOG_LEVEL}, {@code info} unless set. */
record LogLevel(Level least) {
  static LogLevel of(@Nullable String text) {
    return new LogLevel(
        switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
          case "trace" -> Level.TRACE;
          case "debug" -> Level.DEBUG;
          case "warning", "warn" -> Level.WARN;
          case "error", "critical" -> Level.ERROR;
          default -> Level.INFO;
        });
  }

  boolean admits(Level level) {
    return level.toInt() >= least.toInt();
  }
}
