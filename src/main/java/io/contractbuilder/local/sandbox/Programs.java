package io.contractbuilder.local.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where programs are: {@code PARTS_BIN}, then {@code PATH}, then the administrator's folders. */
public final class Programs {
  private final List<Path> folders;

  public Programs(Map<String, String> environment) {
    List<Path> all = new ArrayList<>();
    add(all, environment.get("PARTS_BIN"));
    add(all, environment.get("PATH"));
    add(all, "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin");
    folders = List.copyOf(all);
  }

  private static void add(List<Path> all, @Nullable String path) {
    if (path != null) {
      for (String folder : path.split(":", -1)) {
        if (folder.startsWith("/")) {
          all.add(Path.of(folder));
        }
      }
    }
  }

  /** The program's file; null if there is none. */
  public @Nullable Path find(String name) {
    for (Path folder : folders) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }
}
