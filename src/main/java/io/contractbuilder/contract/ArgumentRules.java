package io.contractbuilder.contract;

import java.util.Set;

/** What a watchdog can hand to a function as its command line. */
public enum ArgumentRules {
  /** Everything but NUL. */
  ANY,
  /** The command line is split at single spaces: nothing that is empty or has a space in it. */
  SPLIT_AT_SPACES;

  /** From these a watchdog reads the command line; nobody else may set them. */
  public static final Set<String> VARIABLES = Set.of("fprocess", "fprocess_argv");

  /** What is allowed, for messages. */
  public String allowed() {
    return switch (this) {
      case ANY -> "text without NUL";
      case SPLIT_AT_SPACES ->
          "text that is not empty and has no space, as this watchdog splits its command line at"
              + " spaces (the built-in one takes each argument as it is:"
              + " CONTRACT_BUILDER_WATCHDOG=builtin)";
    };
  }

  /** Whether {@code argument} arrives as it is. */
  public boolean carries(String argument) {
    return argument.indexOf('\0') < 0
        && (this == ANY || (!argument.isEmpty() && argument.indexOf(' ') < 0));
  }
}
