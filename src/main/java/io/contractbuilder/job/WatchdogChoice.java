package io.contractbuilder.job;

import io.contractbuilder.image.Watchdog;
import org.jspecify.annotations.Nullable;

/** Finds the watchdog that a setting names. */
public interface WatchdogChoice {

  /**
   * The watchdog that is meant.
   *
   * @param setting as {@code CONTRACT_BUILDER_WATCHDOG}: {@code builtin}, a folder or an image
   *     reference; null: the configured one
   * @throws io.contractbuilder.contract.PartFailure if it cannot be had
   */
  Watchdog choose(@Nullable String setting);
}
