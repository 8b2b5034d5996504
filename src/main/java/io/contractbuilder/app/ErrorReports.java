package io.contractbuilder.app;

import io.contractbuilder.job.Outcome;
import io.contractbuilder.json.Json;
import io.contractbuilder.settings.Settings;
import io.contractbuilder.storage.ObjectStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what failed where the chain's operators look for it (chain formats, §2, {@code
 * ERROR_REPORTING_TYPE}). Failures' texts hold no secrets, so neither does a report.
 */
final class ErrorReports {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorReports.class);

  private final List<ObjectStore> stores;
  private final String service;
  private final String internalId;
  private final InstantSource clock;

  /**
   * @param stores the first that takes it has it; none: nothing is reported
   */
  ErrorReports(List<ObjectStore> stores, String service, String internalId, InstantSource clock) {
    this.stores = stores;
    this.service = service;
    this.internalId = internalId;
    this.clock = clock;
  }

  static ErrorReports of(Settings settings, Chain chain) {
    return new ErrorReports(
        // As the chain stores; and where its cache is what failed, all the same.
        settings.reportErrors() ? List.of(chain.store(), chain.ownStore()) : List.of(),
        settings.service(),
        settings.chain().internalId(),
        InstantSource.system());
  }

  /** Answers the outcome; one that is a failure is stored. */
  Outcome reported(Outcome outcome) {
    switch (outcome) {
      case Outcome.Done done -> {}
      case Outcome.Retry retry -> write(retry.reason(), retry.cause());
      case Outcome.Failed failed -> write(failed.reason(), failed.cause());
    }
    return outcome;
  }

  /** Stores a failure that ended in an exception. */
  void write(RuntimeException failure) {
    write(String.valueOf(failure.getMessage()), failure);
  }

  private void write(String reason, @Nullable Throwable cause) {
    if (stores.isEmpty()) {
      return;
    }
    var trace = new StringWriter().append(reason).append('\n');
    if (cause != null) {
      cause.printStackTrace(new PrintWriter(trace, true));
    }
    Instant now = clock.instant();
    var report = Json.object();
    report.put("dcrn", "Error::L1::InTransit");
    report.put("version", "1");
    report.put("app", "Dragonchain");
    report.put("timestamp", now.getEpochSecond());
    report.put("service", service);
    report.put("stack_trace", trace.toString());
    report.put("message", Json.text(Json.object().put("internal_id", internalId)));
    String key =
        String.format(
            Locale.ROOT,
            "error_%s_%d.%06d.log",
            service,
            now.getEpochSecond(),
            now.getNano() / 1000);
    byte[] content = Json.write(report);
    for (ObjectStore store : stores) {
      try {
        store.put(key, content);
        return;
      } catch (RuntimeException e) {
        // What failed is told all the same.
        LOG.warn("The failure could not be reported as {}: {}", key, e.getMessage());
      }
    }
  }
}
