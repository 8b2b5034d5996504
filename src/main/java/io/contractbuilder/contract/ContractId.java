package io.contractbuilder.contract;

import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A contract's id: a UUID of version 4, in lower case.
 *
 * @param value 36 characters
 */
public record ContractId(String value) {
  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

  public ContractId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a UUID of version 4 in lower case");
    }
  }

  /** Whether {@code value} would be taken as an id. */
  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  /** A new id from {@code random}. */
  public static ContractId random(RandomGenerator random) {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~(0b11L << 62)) | (0b10L << 62);
    return new ContractId(new UUID(high, low).toString());
  }

  /** The name of the contract's OpenFaaS function. */
  public String functionName() {
    return "contract-" + value;
  }

  /** The name of the OpenFaaS secret that carries the contract's secret {@code name}. */
  public String secretName(SecretName name) {
    return "sc-" + value + "-" + name.value();
  }

  @Override
  public String toString() {
    return value;
  }
}
