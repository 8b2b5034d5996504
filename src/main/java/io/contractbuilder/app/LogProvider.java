package io.contractbuilder.app;

import io.contractbuilder.cli.LogLevel;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * SLF4J's way to standard error. The program's own logs are written; libraries' go nowhere, as
 * HttpClient's would show headers and bodies, and secrets with them.
 */
public final class LogProvider implements SLF4JServiceProvider {
  private static final String OWN = "io.contractbuilder.";
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter contexts = new BasicMDCAdapter();
  private @Nullable ILoggerFactory loggers;

  @Override
  public void initialize() {
    boolean terminal = Boolean.getBoolean("contractbuilder.terminal");
    LogLevel least = LogLevel.of(System.getenv("LOG_LEVEL"));
    loggers =
        name ->
            name.startsWith(OWN)
                ? new LineLogger(name, least, terminal, System.err, InstantSource.system())
                : NOPLogger.NOP_LOGGER;
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return loggers == null ? name -> NOPLogger.NOP_LOGGER : loggers;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return contexts;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }
}
