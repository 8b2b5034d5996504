package io.contractbuilder.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with units. */
final class Quantities {
  private static final Pattern BYTES = Pattern.compile("([1-9][0-9]{0,12})(Ki|Mi|Gi)?");
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([sm])");

  private Quantities() {}

  /** {@code 500Mi} in bytes. */
  static Long bytes(String text) {
    Matcher parts = matched(BYTES, text);
    long factor =
        switch (parts.group(2)) {
          case "Ki" -> 1L << 10;
          case "Mi" -> 1L << 20;
          case "Gi" -> 1L << 30;
          case null, default -> 1;
        };
    try {
      return Math.multiplyExact(Long.parseLong(parts.group(1)), factor);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** {@code 90s}, {@code 2m}. */
  static Duration duration(String text) {
    Matcher parts = matched(DURATION, text);
    long number = Long.parseLong(parts.group(1));
    return parts.group(2).equals("m") ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    return matcher;
  }
}
