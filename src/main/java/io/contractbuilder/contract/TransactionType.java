package io.contractbuilder.contract;

import java.util.regex.Pattern;

/**
 * A contract's name on its chain.
 *
 * @param value 2 to 20 characters: letters, digits and {@code -}, no {@code -} in front
 */
public record TransactionType(String value) {
  private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9-]{1,19}");

  public TransactionType {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "2 to 20 letters, digits and '-', beginning with a letter or digit");
    }
  }

  /** Whether {@code value} would be taken as a transaction type. */
  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
