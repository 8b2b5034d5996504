package io.contractbuilder.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Five fields in the dialect of APScheduler 3 ({@code CronTrigger.from_crontab}), which the chain's
 * scheduler reads: minute, hour, day of month, month, day of week (0 is Monday), in UTC. All five
 * have to match.
 */
public final class CronExpression {
  /** What Python's {@code str.split} splits at. */
  private static final Pattern SPACE =
      Pattern.compile(
          "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+");

  /** APScheduler's last year. */
  private static final int LAST_YEAR = 9999;

  /** The Gregorian calendar repeats, weekdays too: what does not come in this time never comes. */
  private static final int CALENDAR_YEARS = 400;

  private final String text;
  private final long minutes;
  private final long hours;
  private final long days;
  private final long months;
  private final long weekdays;

  private CronExpression(String text, String[] fields) {
    this.text = text;
    this.minutes = CronField.MINUTE.parse(fields[0]);
    this.hours = CronField.HOUR.parse(fields[1]);
    this.days = CronField.DAY.parse(fields[2]);
    this.months = CronField.MONTH.parse(fields[3]);
    this.weekdays = CronField.WEEKDAY.parse(fields[4]);
  }

  /**
   * Reads an expression. One that never comes (31 February) is taken, as by the scheduler.
   *
   * @throws IllegalArgumentException with what is allowed where it is wrong
   */
  public static CronExpression parse(String text) {
    String[] fields =
        Arrays.stream(SPACE.split(text)).filter(field -> !field.isEmpty()).toArray(String[]::new);
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "five fields in UTC: minute, hour, day of month, month, day of week (0 is Monday)");
    }
    return new CronExpression(text, fields);
  }

  /** The first minute after {@code instant} that matches; null if none does (by the year 9999). */
  public @Nullable Instant next(Instant instant) {
    // APScheduler's first year is 1970.
    LocalDateTime start =
        instant.isBefore(Instant.EPOCH)
            ? LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC)
            : LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.MINUTES)
                .plusMinutes(1);
    LocalDate today = start.toLocalDate();
    LocalTime time = matches(today) ? timeFrom(start.getHour(), start.getMinute()) : null;
    LocalDate date = time == null ? dateFrom(today.plusDays(1)) : today;
    if (date == null) {
      return null;
    }
    return date.atTime(time == null ? firstTime() : time).toInstant(ZoneOffset.UTC);
  }

  private @Nullable LocalDate dateFrom(LocalDate first) {
    int lastYear = Math.min(LAST_YEAR, first.getYear() + CALENDAR_YEARS);
    for (LocalDate date = first; date.getYear() <= lastYear; ) {
      if (!has(months, date.getMonthValue())) {
        date = date.withDayOfMonth(1).plusMonths(1);
      } else if (matches(date)) {
        return date;
      } else {
        date = date.plusDays(1);
      }
    }
    return null;
  }

  private boolean matches(LocalDate date) {
    int day = date.getDayOfMonth();
    return date.getYear() <= LAST_YEAR
        && has(months, date.getMonthValue())
        && has(weekdays, date.getDayOfWeek().getValue() - 1)
        && (has(days, day) || ((days & CronField.LAST) != 0 && day == date.lengthOfMonth()));
  }

  private @Nullable LocalTime timeFrom(int hour, int minute) {
    int sameHour = has(hours, hour) ? nextBit(minutes, minute) : Long.SIZE;
    if (sameHour < Long.SIZE) {
      return LocalTime.of(hour, sameHour);
    }
    int later = nextBit(hours, hour + 1);
    return later < Long.SIZE ? LocalTime.of(later, nextBit(minutes, 0)) : null;
  }

  private LocalTime firstTime() {
    return LocalTime.of(nextBit(hours, 0), nextBit(minutes, 0));
  }

  private static boolean has(long bits, int value) {
    return (bits >>> value & 1) != 0;
  }

  /** The lowest set bit that is not below {@code from}; 64 if there is none. */
  private static int nextBit(long bits, int from) {
    return Long.numberOfTrailingZeros(bits & (-1L << from));
  }

  /** Whether both are written alike. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CronExpression cron && text.equals(cron.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was given. */
  @Override
  public String toString() {
    return text;
  }
}
