package io.contractbuilder.image;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The layers made so far in this process, one per watchdog and architecture. */
public final class WatchdogLayers {
  private final Map<Key, WatchdogLayer> made = new ConcurrentHashMap<>();

  private record Key(Watchdog watchdog, String architecture) {}

  /** The layer with {@code watchdog} for {@code architecture}. */
  public WatchdogLayer of(Watchdog watchdog, String architecture) {
    return made.computeIfAbsent(
        new Key(watchdog, architecture), key -> WatchdogLayer.of(watchdog.binary(architecture)));
  }
}
