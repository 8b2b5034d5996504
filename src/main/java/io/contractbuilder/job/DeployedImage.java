package io.contractbuilder.job;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.Watchdog;
import org.jspecify.annotations.Nullable;

/**
 * What the image that serves was made of.
 *
 * @param image the built image
 * @param base the customer's manifest or index that it was made from
 * @param watchdog what was put into it
 */
public record DeployedImage(Digest image, Digest base, WatchdogUsed watchdog) {

  /**
   * A watchdog as far as it matters after a build.
   *
   * @param setting by which the contract chose it; null: the configured one
   * @param carriesAnyArgument as {@link Watchdog#carriesAnyArgument}
   */
  public record WatchdogUsed(
      @Nullable String setting, String name, String version, boolean carriesAnyArgument) {

    static WatchdogUsed of(@Nullable String setting, Watchdog watchdog) {
      return new WatchdogUsed(
          setting, watchdog.name(), watchdog.version(), watchdog.carriesAnyArgument());
    }

    /** Whether the same binary is meant, by whatever setting. */
    boolean isSameProgram(WatchdogUsed other) {
      return name.equals(other.name) && version.equals(other.version);
    }
  }
}
