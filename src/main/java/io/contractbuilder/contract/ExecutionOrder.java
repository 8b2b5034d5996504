package io.contractbuilder.contract;

import java.util.Locale;

/** Whether a contract's invocations wait for each other. */
public enum ExecutionOrder {
  SERIAL,
  PARALLEL;

  /** As it stands in events and documents. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
