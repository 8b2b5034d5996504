package io.contractbuilder.local.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which runtime can be had. */
public final class Runtimes {
  private Runtimes() {}

  /**
   * Root uses runc, an ordinary user bubblewrap.
   *
   * @param wanted {@code runc} or {@code bwrap} instead; null for the rule
   * @return null if neither can run
   */
  public static @Nullable ContainerRuntime choose(
      Programs programs, boolean root, @Nullable String wanted, Path scratch) throws IOException {
    Path runc = programs.find("runc");
    Path unshare = programs.find("unshare");
    if (root && runc != null && unshare != null && !"bwrap".equals(wanted)) {
      return Runc.on(runc, unshare, scratch);
    }
    Path bwrap = programs.find("bwrap");
    return bwrap == null || "runc".equals(wanted) ? null : new Bubblewrap(bwrap);
  }
}
