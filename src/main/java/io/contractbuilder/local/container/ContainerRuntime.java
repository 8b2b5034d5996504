package io.contractbuilder.local.container;

import java.time.Duration;

/** Runs containers. */
public interface ContainerRuntime {

  /** For people: {@code runc}, {@code bubblewrap}. */
  String name();

  /**
   * Starts a container.
   *
   * @throws ContainerException if it cannot be started
   */
  Container start(ContainerSpec spec);

  /** Removes what a platform that was killed left: containers, processes, mounts. */
  void removeLeftovers();

  /** A container that was started. */
  interface Container {
    boolean isAlive();

    /** The process in the container as the host sees it; for entering its network. */
    long pid();

    /**
     * How it ended, for people: {@code exit status 3}, {@code killed by signal 9 (out of memory?)};
     * empty while it lives.
     */
    String ending();

    /** Waits for its end at most so long; whether it has ended. */
    boolean awaitEnd(Duration limit) throws InterruptedException;

    /**
     * SIGTERM, after {@code grace} SIGKILL; returns when nothing of it is left (processes, mounts,
     * files).
     */
    void stop(Duration grace);
  }
}
