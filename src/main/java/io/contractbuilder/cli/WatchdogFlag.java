package io.contractbuilder.cli;

/** The flag that chooses a watchdog, as it stands in several commands. */
final class WatchdogFlag {
  static final String DESCRIPTION =
      "builtin, a folder with <arch>/fwatchdog in it, or an image reference (default: the"
          + " contract's own, then CONTRACT_BUILDER_WATCHDOG).";

  private WatchdogFlag() {}
}
