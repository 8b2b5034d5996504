package io.contractbuilder.tracing;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenTelemetry logs by Java's own logging, which would write lines of another form. That spans
 * cannot be sent is said, but not in its words, which may hold an address with a password.
 */
final class LibraryLog extends Handler {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(TracedTasks.class);

  private final Logger library = Logger.getLogger("io.opentelemetry");

  private LibraryLog() {}

  static LibraryLog open() {
    var log = new LibraryLog();
    log.library.setUseParentHandlers(false);
    log.library.addHandler(log);
    return log;
  }

  @Override
  public void publish(LogRecord said) {
    if (said.getLevel().intValue() >= Level.WARNING.intValue()) {
      LOG.warn(
          "Traces are not sent: look at OTEL_EXPORTER_OTLP_ENDPOINT and at the collector ({})",
          said.getThrown() == null
              ? said.getLoggerName()
              : said.getThrown().getClass().getSimpleName());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    library.removeHandler(this);
    library.setUseParentHandlers(true);
  }
}
