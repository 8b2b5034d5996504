package io.contractbuilder.registry;

import io.contractbuilder.contract.RegistryCredentials;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Registries under one set of rules: connections and tokens that are kept. Whoever ends the process
 * closes it before.
 */
public final class RegistryClient implements AutoCloseable {
  private static final String DOCKER = "docker.io";
  private static final String DOCKER_HOST = "registry-1.docker.io";
  private final RegistryAccess access;
  private final RefusingRegistries refusing;
  private final Connections connections;
  private final Pause pause;
  private final Map<Identity, Authorizer> authorizers = new ConcurrentHashMap<>();

  private record Identity(String host, @Nullable RegistryCredentials credentials) {}

  /** Waits between attempts. */
  interface Pause {
    void pause(Duration time) throws InterruptedException;
  }

  /**
   * @param refusing shared by all clients of a process
   */
  public RegistryClient(RegistryAccess access, RefusingRegistries refusing) {
    this(access, refusing, InetAddress::getAllByName, Thread::sleep);
  }

  RegistryClient(
      RegistryAccess access, RefusingRegistries refusing, AddressGuard.Lookup lookup, Pause pause) {
    this.access = access;
    this.refusing = refusing;
    this.connections = new Connections(access, lookup);
    this.pause = pause;
  }

  /**
   * @param host as in a reference
   * @param credentials null: the access's for this host, if it has any
   */
  Repository repository(
      String host, String name, @Nullable RegistryCredentials credentials, TrafficCount traffic) {
    RegistryCredentials used = credentials != null ? credentials : access.credentials().get(host);
    boolean plain = access.isPlain(host);
    String real = host.equals(DOCKER) ? DOCKER_HOST : host;
    Failures failures = new Failures("registry " + host);
    Authorizer authorizer =
        authorizers.computeIfAbsent(
            new Identity(host, used), i -> new Authorizer(connections, plain, used, failures));
    Requests requests = new Requests(connections, authorizer, failures, pause, traffic);
    return new Repository((plain ? "http://" : "https://") + real, host, name, requests);
  }

  RefusingRegistries refusing() {
    return refusing;
  }

  /** Cuts off what a thread waits for. */
  public void abort(Thread thread) {
    connections.abort(thread);
  }

  @Override
  public void close() {
    connections.close();
  }
}
