package io.contractbuilder.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a contract is invoked by itself. */
public sealed interface Schedule {

  /** The first time after {@code instant}; null if there is none. */
  @Nullable Instant next(Instant instant);

  /** By a cron expression in UTC. */
  record Cron(CronExpression expression) implements Schedule {
    @Override
    public @Nullable Instant next(Instant instant) {
      return expression.next(instant);
    }
  }

  /**
   * At a fixed interval.
   *
   * @param seconds 1 to 60
   */
  record Every(int seconds) implements Schedule {
    static final String ALLOWED = "a whole number from 1 to 60";

    public Every {
      if (seconds < 1 || seconds > 60) {
        throw new IllegalArgumentException(ALLOWED);
      }
    }

    @Override
    public Instant next(Instant instant) {
      return instant.plusSeconds(seconds);
    }
  }
}
