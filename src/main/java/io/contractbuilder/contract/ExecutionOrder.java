package io.contractbuilder.contract;

import java.util.Locale;

/** Whether a contract's invocations wait for each other. */
public enum ExecutionOrder {
  SERIAL,
  PARALLEL;

  /**
   * Reads what {@link #wire} gives.
   *
   * @throws IllegalArgumentException with what is allowed
   */
  static ExecutionOrder ofWire(String text) {
    return switch (text) {
      case "serial" -> SERIAL;
      case "parallel" -> PARALLEL;
      default -> throw new IllegalArgumentException("\"serial\" or \"parallel\"");
    };
  }

  /** As it stands in events and documents. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
