package io.contractbuilder.contract;

import java.util.Locale;

/** Where a contract stands in its life. */
public enum ContractState {
  PENDING,
  ACTIVE,
  INACTIVE,
  ERROR,
  UPDATING,
  DELETING,
  DELETE_FAILED;

  /** As it stands in events and documents. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
