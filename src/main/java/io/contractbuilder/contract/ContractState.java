package io.contractbuilder.contract;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where a contract stands in its life. */
public enum ContractState {
  PENDING,
  ACTIVE,
  INACTIVE,
  ERROR,
  UPDATING,
  DELETING,
  DELETE_FAILED;

  /**
   * Reads what {@link #wire} gives.
   *
   * @throws IllegalArgumentException with what is allowed
   */
  static ContractState ofWire(String text) {
    for (ContractState state : values()) {
      if (state.wire().equals(text)) {
        return state;
      }
    }
    throw new IllegalArgumentException(
        Arrays.stream(values()).map(ContractState::wire).collect(Collectors.joining(", ")));
  }

  /** As it stands in events and documents. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
