package io.contractbuilder.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.cli.LogLevel;
import io.contractbuilder.cli.LogTime;
import io.contractbuilder.json.Json;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes a line a message: for people on a terminal, else one JSON object. */
final class LineLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1;
  private final transient LogLevel least;
  private final boolean terminal;
  private final transient PrintStream out;
  private final transient InstantSource clock;

  LineLogger(String name, LogLevel least, boolean terminal, PrintStream out, InstantSource clock) {
    this.name = name;
    this.least = least;
    this.terminal = terminal;
    this.out = out;
    this.clock = clock;
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable fault) {
    String message = MessageFormatter.basicArrayFormat(pattern, arguments);
    String text = fault == null ? message : message + ": " + fault;
    if (terminal) {
      out.println(level == Level.INFO ? text : level.name().toLowerCase(Locale.ROOT) + ": " + text);
      return;
    }
    ObjectNode line =
        Json.object()
            .put("time", LogTime.text(clock.instant()))
            .put("level", level.name().toLowerCase(Locale.ROOT))
            .put("logger", name)
            .put("message", text);
    Map<String, String> about = MDC.getCopyOfContextMap();
    if (about != null) {
      about.forEach(line::put);
    }
    out.println(Json.text(line));
  }

  @Override
  public boolean isTraceEnabled() {
    return least.admits(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return least.admits(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return least.admits(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return least.admits(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return least.admits(Level.ERROR);
  }
}
