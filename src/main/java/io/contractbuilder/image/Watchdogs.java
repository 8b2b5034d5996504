package io.contractbuilder.image;

import io.contractbuilder.contract.ArgumentRules;
import io.contractbuilder.contract.ImageReference;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a watchdog by its setting: {@code builtin}, a folder with {@code <arch>/fwatchdog}, or an
 * image reference. Unset: OpenFaaS's own where the program's folder holds it, else {@code builtin}.
 */
public final class Watchdogs {
  /** The setting that names the program's own watchdog. */
  public static final String BUILTIN = "builtin";

  private static final String CLASSIC = "classic-watchdog";
  private final Path home;
  private final Function<ImageReference, Watchdog> inImage;
  private final Map<String, Watchdog> chosen = new ConcurrentHashMap<>();

  /**
   * @param home the program's folder: {@code watchdog/builtin} and, perhaps, {@code
   *     watchdog/classic} are in it
   * @param inImage makes the watchdog that an image holds
   */
  public Watchdogs(Path home, Function<ImageReference, Watchdog> inImage) {
    this.home = home;
    this.inImage = inImage;
  }

  /**
   * Chooses; the same setting gives the same object again.
   *
   * @param setting null or empty: unset
   * @throws io.contractbuilder.contract.PartFailure if what it names is not there
   * @throws IllegalArgumentException if it is neither a folder nor an image reference
   */
  public Watchdog choose(@Nullable String setting) {
    return chosen.computeIfAbsent(setting == null ? "" : setting, this::make);
  }

  /**
   * Which arguments the one that would be chosen takes; nothing is contacted.
   *
   * @param setting null or empty: unset
   */
  public ArgumentRules rules(@Nullable String setting) {
    String named = setting == null ? "" : setting;
    return named.equals(BUILTIN) || (named.isEmpty() && !FolderWatchdog.isIn(classic()))
        ? ArgumentRules.ANY
        : ArgumentRules.SPLIT_AT_SPACES;
  }

  private Path classic() {
    return home.resolve("watchdog").resolve("classic");
  }

  private Watchdog make(String setting) {
    if (setting.isEmpty() && FolderWatchdog.isIn(classic())) {
      return new FolderWatchdog(CLASSIC, classic(), false);
    }
    if (setting.isEmpty() || setting.equals(BUILTIN)) {
      return new FolderWatchdog(BUILTIN, home.resolve("watchdog").resolve(BUILTIN), true);
    }
    Path folder = folder(setting);
    if (folder != null) {
      return new FolderWatchdog(String.valueOf(folder.getFileName()), folder, false);
    }
    return inImage.apply(ImageReference.parse(setting));
  }

  /** A folder is what looks like a path, or is there. */
  private static @Nullable Path folder(String setting) {
    try {
      Path path = Path.of(setting);
      boolean looksLikeOne =
          path.isAbsolute() || setting.startsWith("./") || setting.startsWith("../");
      return looksLikeOne || Files.isDirectory(path) ? path : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
