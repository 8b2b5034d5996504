package io.contractbuilder.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which registries have been seen to refuse a manifest whose blobs are missing. Only of these does
 * an accepted manifest prove that all of its blobs are there.
 */
public final class RefusingRegistries {
  private final @Nullable Path folder;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /**
   * @param folder where it is remembered, an empty file per registry; null: in this process only
   */
  public RefusingRegistries(@Nullable Path folder) {
    this.folder = folder;
  }

  boolean knows(String origin) {
    return seen.contains(origin) || (folder != null && Files.exists(file(folder, origin)));
  }

  void add(String origin) {
    if (!seen.add(origin) || folder == null) {
      return;
    }
    try {
      Files.createDirectories(folder);
      Files.write(file(folder, origin), new byte[0]);
    } catch (IOException e) {
      // It only costs a request more the next time.
      seen.add(origin);
    }
  }

  private static Path file(Path folder, String origin) {
    return folder.resolve(origin.replace(":", "%3A").replace("/", "%2F"));
  }
}
