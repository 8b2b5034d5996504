package io.contractbuilder.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How tasks out of the chain's queue are done.
 *
 * @param stopLimit how long running ones may go on after a signal
 * @param listen where the processor says how it is; null: nowhere
 * @param launch where they are done
 */
public record ProcessorSettings(
    Duration stopLimit, @Nullable Address listen, LaunchSettings launch) {

  /**
   * Of this machine.
   *
   * @param host an IPv6 address without brackets
   * @param port 1 to 65535
   */
  public record Address(String host, int port) {}
}
