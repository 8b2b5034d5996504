package io.contractbuilder.local.sandbox;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes quantities, as in {@code 600M}, {@code 64Mi}, {@code 0.50}, {@code 100m}. */
public final class Quantity {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})(m|k|Ki|M|Mi|G|Gi|T|Ti)?");
  private static final Map<String, BigDecimal> SCALES =
      Map.of(
          "m", new BigDecimal("0.001"),
          "k", BigDecimal.valueOf(1_000),
          "Ki", BigDecimal.valueOf(1L << 10),
          "M", BigDecimal.valueOf(1_000_000),
          "Mi", BigDecimal.valueOf(1L << 20),
          "G", BigDecimal.valueOf(1_000_000_000),
          "Gi", BigDecimal.valueOf(1L << 30),
          "T", BigDecimal.valueOf(1_000_000_000_000L),
          "Ti", BigDecimal.valueOf(1L << 40));

  private Quantity() {}

  /**
   * @throws IllegalArgumentException with what is allowed
   */
  public static BigDecimal parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "quantity \"" + text + "\": a number with m, k, M, G, T, Ki, Mi, Gi or Ti at its end");
    }
    String unit = m.group(2);
    BigDecimal number = new BigDecimal(m.group(1).endsWith(".") ? m.group(1) + "0" : m.group(1));
    return unit == null ? number : number.multiply(SCALES.getOrDefault(unit, BigDecimal.ONE));
  }
}
