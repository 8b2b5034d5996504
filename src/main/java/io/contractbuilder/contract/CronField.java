package io.contractbuilder.contract;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One of a cron expression's five fields: its range, its names, and how a text of it is read. */
enum CronField {
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY("day of month", 1, 31, ""),
  MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
  WEEKDAY("day of week", 0, 6, "mon tue wed thu fri sat sun");

  /** In {@link #DAY}'s bits: the month's last day. */
  static final long LAST = 1;

  private static final Pattern ALL = Pattern.compile("\\*(?:/([0-9]+))?");
  private static final Pattern NUMBERS = Pattern.compile("([0-9]+)(?:-([0-9]+))?(?:/([0-9]+))?");
  private static final Pattern NAMES =
      Pattern.compile("([a-z]+)(?:-([a-z]+))?", Pattern.CASE_INSENSITIVE);

  private final String title;
  private final int low;
  private final int high;

  /** In order, a space between them. */
  private final String names;

  CronField(String title, int low, int high, String names) {
    this.title = title;
    this.low = low;
    this.high = high;
    this.names = names;
  }

  /**
   * Reads a field.
   *
   * @return bit n set: the value n matches
   * @throws IllegalArgumentException with what is allowed
   */
  long parse(String text) {
    long bits = 0;
    for (String part : text.split(",", -1)) {
      bits |= part(part);
    }
    return bits;
  }

  private long part(String part) {
    Matcher all = ALL.matcher(part);
    if (all.matches()) {
      return range(low, high, step(all.group(1), high - low));
    }
    Matcher numbers = NUMBERS.matcher(part);
    if (numbers.matches()) {
      return numbers(numbers.group(1), numbers.group(2), numbers.group(3));
    }
    // APScheduler matches names at the front and passes over what follows: so "mon-fri/2" is
    // mon-fri for the chain's scheduler. What it takes has to mean the same here.
    if (this == DAY && part.regionMatches(true, 0, "last", 0, 4)) {
      return LAST;
    }
    Matcher named = NAMES.matcher(part);
    if (names.isEmpty() || !named.lookingAt()) {
      throw refused();
    }
    int first = name(named.group(1));
    return range(first, named.group(2) == null ? first : name(named.group(2)), 1);
  }

  private long numbers(String from, @Nullable String to, @Nullable String every) {
    int first = number(from);
    if (to == null && every == null) {
      return range(first, first, 1);
    }
    int last = to == null ? high : number(to);
    // APScheduler takes an end of 0 for none when it compares the step.
    int end = last == 0 ? high : last;
    return range(first, last, step(every, end - first));
  }

  private long range(int first, int last, int step) {
    if (first < low || last > high || first > last) {
      throw refused();
    }
    long bits = 0;
    for (int value = first; value <= last; value += step) {
      bits |= 1L << value;
    }
    return bits;
  }

  /** A step may be as large as the range from its first value to its last, and no larger. */
  private int step(@Nullable String text, int largest) {
    if (text == null) {
      return 1;
    }
    int step = number(text);
    if (step < 1 || step > largest) {
      throw refused();
    }
    return step;
  }

  private int number(String digits) {
    String plain = digits.replaceFirst("^0+(?=.)", "");
    if (plain.length() > 4) {
      throw refused();
    }
    return Integer.parseInt(plain);
  }

  private int name(String text) {
    int index = List.of(names.split(" ")).indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw refused();
    }
    return low + index;
  }

  private IllegalArgumentException refused() {
    String values =
        switch (this) {
          case MINUTE, HOUR -> low + " to " + high;
          case DAY -> "1 to 31 or last";
          case MONTH -> "1 to 12 or jan to dec";
          case WEEKDAY -> "0 (Monday) to 6 (Sunday) or mon to sun";
        };
    return new IllegalArgumentException(
        title
            + ": "
            + values
            + ", as *, */n, a, a-b, a/n or a-b/n (a not over b, n not over the range), or several"
            + " of these with commas and no spaces");
  }
}
