package io.contractbuilder.local.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts the watchdog's forwarder in a container's network. */
public final class Forwarders {
  private static final String SCRIPT =
      Lifeline.script("", "\"$@\" >/dev/null 2>&1", "kill -9 $child");
  private final @Nullable Path nsenter;
  private final @Nullable Path watchdog;
  private final boolean root;

  /**
   * @param watchdog the built-in one's program; null if there is none
   */
  public Forwarders(Programs programs, @Nullable Path watchdog, boolean root) {
    this.nsenter = programs.find("nsenter");
    this.watchdog = watchdog;
    this.root = root;
  }

  /**
   * Starts one; null if the programs for it are missing.
   *
   * @param process in the container
   * @param socket where it listens
   */
  public @Nullable Process start(long process, Path socket) throws IOException {
    if (nsenter == null || watchdog == null) {
      return null;
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "/bin/sh", "-c", SCRIPT, "contract-builder-forwarder", "/", nsenter.toString()));
    command.addAll(List.of("--target", Long.toString(process), "--net"));
    if (!root) {
      command.addAll(List.of("--user", "--preserve-credentials"));
    }
    command.addAll(
        List.of(
            "--", watchdog.toString(), "--forward", socket.toString(), "--to", "127.0.0.1:8080"));
    Process started = Lifeline.start(command);
    started.getInputStream().close();
    started.getErrorStream().close();
    return started;
  }
}
