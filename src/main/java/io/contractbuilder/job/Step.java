package io.contractbuilder.job;

import java.util.Locale;

/** The steps of the three actions, as journal, listeners and messages name them. */
public enum Step {
  IMAGE,
  ENVIRONMENT,
  KEY,
  SECRETS,
  FUNCTION,
  READINESS,
  SCHEDULE,
  LEDGER,
  METADATA,
  /** Removes what the update made obsolete: the image before, secrets no longer named. */
  CLEANUP,
  HEAP,
  INDEX,
  TYPE,
  /** Takes back what a failed job had made, or puts the former version back. */
  ROLLBACK;

  /** The step's name in documents and messages. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
