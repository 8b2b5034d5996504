package io.contractbuilder.local.functions;

import io.contractbuilder.local.sandbox.ContainerRuntime;
import io.contractbuilder.local.sandbox.ContainerSpec;
import io.contractbuilder.local.sandbox.Forwarders;
import io.contractbuilder.local.wire.DoorClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to a function. The built-in watchdog listens on the socket itself; beside another one a
 * forwarder in its network does, or, in the host's network, its port is taken.
 */
final class Door implements AutoCloseable {
  static final String OWN = "f.sock";
  private static final String FORWARDED = "g.sock";
  private static final Duration OWN_SOCKET = Duration.ofMillis(400);
  private static final Duration HEALTH = Duration.ofSeconds(2);
  private final DoorClient client;
  private final ContainerRuntime runtime;
  private final Forwarders forwarders;
  private final int hostPort;
  private @Nullable Process forwarder;

  /**
   * @param hostPort the watchdog's port where the host's network is shared; else 0
   */
  Door(DoorClient client, ContainerRuntime runtime, Forwarders forwarders, int hostPort) {
    this.client = client;
    this.runtime = runtime;
    this.forwarders = forwarders;
    this.hostPort = hostPort;
  }

  void clear(ContainerSpec spec) throws IOException {
    for (String name : new String[] {OWN, OWN + ".new", FORWARDED, FORWARDED + ".new"}) {
      Files.deleteIfExists(folder(spec).resolve(name));
    }
  }

  private static Path folder(ContainerSpec spec) {
    return spec.folder().resolve("door");
  }

  /** Waits until the function says that it is well; null if it ended or the limit is over. */
  @Nullable SocketAddress await(
      ContainerSpec spec, Process process, Duration limit, BooleanSupplier stop)
      throws IOException, InterruptedException {
    long from = System.nanoTime();
    long pause = 2;
    while (process.isAlive() && !stop.getAsBoolean()) {
      long passed = System.nanoTime() - from;
      if (passed > limit.toNanos()) {
        return null;
      }
      SocketAddress at = address(spec, passed);
      if (at != null && client.health(at, HEALTH) == 200) {
        return at;
      }
      if (process.waitFor(pause, java.util.concurrent.TimeUnit.MILLISECONDS)) {
        return null;
      }
      pause = Math.min(50, pause + 1);
    }
    return null;
  }

  private @Nullable SocketAddress address(ContainerSpec spec, long passed) throws IOException {
    Path own = folder(spec).resolve(OWN);
    if (Files.exists(own)) {
      return UnixDomainSocketAddress.of(own);
    }
    if (hostPort > 0) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), hostPort);
    }
    Path forwarded = folder(spec).resolve(FORWARDED);
    if (Files.exists(forwarded)) {
      return UnixDomainSocketAddress.of(forwarded);
    }
    if (forwarder == null && passed > OWN_SOCKET.toNanos()) {
      long first = runtime.firstProcess(spec.folder());
      if (first > 1) {
        forwarder = forwarders.start(first, forwarded);
      }
    }
    return null;
  }

  @Override
  public void close() {
    Process f = forwarder;
    forwarder = null;
    if (f != null) {
      f.descendants().forEach(ProcessHandle::destroyForcibly);
      f.destroyForcibly();
    }
  }
}
