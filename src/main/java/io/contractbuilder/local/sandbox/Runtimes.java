package io.contractbuilder.local.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which runtime can be had. */
public final class Runtimes {
  private static final Logger LOG = LoggerFactory.getLogger(Runtimes.class);

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
    if (bwrap == null || "runc".equals(wanted)) {
      return null;
    }
    LOG.warn("bubblewrap holds no limits: functions run without memory and CPU limits");
    return new Bubblewrap(bwrap);
  }
}
