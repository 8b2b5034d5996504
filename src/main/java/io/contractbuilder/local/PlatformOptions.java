package io.contractbuilder.local;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the local platform runs.
 *
 * @param state the state folder; the platform's own things are in {@code platform} in it
 * @param port of the gateway on loopback; 0 for any
 * @param hostNetwork whether functions share the host's network, so that they can call out; else
 *     each has a loopback of its own only
 * @param watchdog the built-in watchdog's program for this machine, whose forwarder is the way to
 *     functions with another watchdog; null if there is none
 * @param runtime {@code runc} or {@code bwrap}; null to choose by who runs the platform
 * @param runParent where the folder for sockets and running containers is made; a short path
 * @param readyLimit how long a function may take until it answers
 * @param grace what a function has between SIGTERM and SIGKILL
 */
public record PlatformOptions(
    Path state,
    int port,
    boolean hostNetwork,
    @Nullable Path watchdog,
    @Nullable String runtime,
    Path runParent,
    Duration readyLimit,
    Duration grace) {

  /** The rule: any port, no network, a minute to become ready, ten seconds to end. */
  public static PlatformOptions in(Path state) {
    return new PlatformOptions(
        state,
        0,
        false,
        null,
        null,
        Path.of("/tmp"),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10));
  }

  /** With another port. */
  public PlatformOptions withPort(int other) {
    return new PlatformOptions(
        state, other, hostNetwork, watchdog, runtime, runParent, readyLimit, grace);
  }

  /** With the host's network. */
  public PlatformOptions withHostNetwork(boolean shared) {
    return new PlatformOptions(
        state, port, shared, watchdog, runtime, runParent, readyLimit, grace);
  }

  /** With the built-in watchdog's program. */
  public PlatformOptions withWatchdog(@Nullable Path program) {
    return new PlatformOptions(
        state, port, hostNetwork, program, runtime, runParent, readyLimit, grace);
  }

  /** With a runtime of one's choice. */
  public PlatformOptions withRuntime(@Nullable String name) {
    return new PlatformOptions(
        state, port, hostNetwork, watchdog, name, runParent, readyLimit, grace);
  }

  /** With other times. */
  public PlatformOptions withTimes(Duration ready, Duration end) {
    return new PlatformOptions(state, port, hostNetwork, watchdog, runtime, runParent, ready, end);
  }
}
