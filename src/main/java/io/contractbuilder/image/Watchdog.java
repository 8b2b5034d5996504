package io.contractbuilder.image;

import java.util.Set;

/** The program that the recipe puts into an image, in front of the customer's command. */
public interface Watchdog {

  /** For people and labels, for example {@code builtin}, {@code classic-watchdog}. */
  String name();

  /** The binary's version, or a digest where none is known. */
  String version();

  /**
   * Whether arguments reach the function unchanged whatever they contain; else they are split at
   * single spaces.
   */
  boolean carriesAnyArgument();

  /** The architectures (as in OCI: {@code amd64}, {@code arm64}) that there is a binary for. */
  Set<String> architectures();

  /**
   * The static binary for one of {@link #architectures}.
   *
   * @throws IllegalArgumentException for another
   */
  byte[] binary(String architecture);

  /**
   * The layer with the binary for one of {@link #architectures}.
   *
   * @throws IllegalArgumentException for another
   */
  default WatchdogLayer layer(String architecture) {
    return WatchdogLayer.of(binary(architecture));
  }
}
