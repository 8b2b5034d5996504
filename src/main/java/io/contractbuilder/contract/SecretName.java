package io.contractbuilder.contract;

import java.util.regex.Pattern;

/**
 * The name of a contract's secret, in lower case, as it stands in the name of its OpenFaaS secret.
 *
 * @param value lower-case letters, digits and {@code -}; begins with a letter, ends with no {@code
 *     -}; at most 200 characters, as Kubernetes allows 253 for the whole name
 */
public record SecretName(String value) {
  // Before the names below, which it checks.
  private static final Pattern FORM = Pattern.compile("[a-z]([a-z0-9-]{0,198}[a-z0-9])?");

  /** Carries the contract's API key. */
  public static final SecretName SECRET_KEY = new SecretName("secret-key");

  /** Carries the id of the contract's API key. */
  public static final SecretName AUTH_KEY_ID = new SecretName("auth-key-id");

  public SecretName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "lower-case letters, digits and '-', beginning with a letter and not ending with '-'");
    }
  }

  /** Whether {@code value} would be taken as a name. */
  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  /** Whether only the builder itself may use this name. */
  public boolean isReserved() {
    return value.startsWith("secret-key") || value.startsWith("auth-key-id");
  }

  @Override
  public String toString() {
    return value;
  }
}
