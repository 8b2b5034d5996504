package io.contractbuilder.image;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The layers made so far in this process, one per watchdog and architecture. */
public final class WatchdogLayers {
  private final Map<Key, WatchdogLayer> made = new ConcurrentHashMap<>();

  private record Key(Watchdog watchdog, String architecture) {
    // A record's own methods are made at run time, which takes some milliseconds of a short
    // process.

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && key.watchdog.equals(watchdog)
          && key.architecture.equals(architecture);
    }

    @Override
    public int hashCode() {
      return 31 * watchdog.hashCode() + architecture.hashCode();
    }
  }

  /** The layer with {@code watchdog} for {@code architecture}. */
  public WatchdogLayer of(Watchdog watchdog, String architecture) {
    return made.computeIfAbsent(
        new Key(watchdog, architecture), key -> watchdog.layer(architecture));
  }
}
