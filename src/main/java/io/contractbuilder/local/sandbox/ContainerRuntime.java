package io.contractbuilder.local.sandbox;

import java.io.IOException;
import java.nio.file.Path;

/** Runs containers. */
public sealed interface ContainerRuntime permits Runc, Bubblewrap {

  /** The program's name. */
  String name();

  /** Whether files keep the owners that the image gives them. */
  boolean keepsOwners();

  /**
   * Starts a container. What it writes comes by the process's pipes. Everything of it ends when the
   * process's standard input does, so also when this program is killed.
   */
  Process start(ContainerSpec spec) throws IOException;

  /** The process id, as the host sees it, of the container's first process; 0 if not known yet. */
  long firstProcess(Path folder);

  /** Ends what a killed platform left in its folder. */
  void sweep(Path runFolder) throws IOException;
}
