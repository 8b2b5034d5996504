package io.contractbuilder.cli;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The time of a log line: RFC 3339, in UTC. */
public final class LogTime {
  /** As {@code LocalDateTime} writes a minute's beginning: without its seconds. */
  private static final int WITHOUT_SECONDS = "2026-11-21T22:48".length();

  private LogTime() {}

  /**
   * As {@link Instant#toString}, whose formatter a short run would have to set up for one line.
   *
   * @param time in the years 0 to 9999
   */
  public static String text(Instant time) {
    String text =
        LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC)
            .toString();
    return text + (text.length() == WITHOUT_SECONDS ? ":00Z" : "Z");
  }
}
