package io.contractbuilder.registry;

import io.contractbuilder.contract.RegistryCredentials;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
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
  private final AddressGuard.Lookup lookup;
  private final Pause pause;
  private final Map<String, Connections> connections = new ConcurrentHashMap<>();
  private final Map<Identity, Authorizer> authorizers = new ConcurrentHashMap<>();

  private final Map<String, Optional<RegistryCredentials>> found = new ConcurrentHashMap<>();

  private record Identity(String host, @Nullable RegistryCredentials credentials) {
    // A record's own methods are made at run time, which takes some milliseconds of a short
    // process.

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Identity identity
          && identity.host.equals(host)
          && Objects.equals(identity.credentials, credentials);
    }

    @Override
    public int hashCode() {
      return host.hashCode();
    }
  }

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
    this.lookup = lookup;
    this.pause = pause;
  }

  /**
   * @param host as in a reference
   * @param credentials null: the access's for this host, if it has any
   */
  Repository repository(
      String host, String name, @Nullable RegistryCredentials credentials, TrafficCount traffic) {
    RegistryCredentials used =
        credentials != null
            ? credentials
            : found
                .computeIfAbsent(host, h -> Optional.ofNullable(access.credentials().find(h)))
                .orElse(null);
    boolean plain = access.isPlain(host);
    String real = host.equals(DOCKER) ? DOCKER_HOST : host;
    Failures failures = new Failures("registry " + host);
    String hostName = WebAddress.nameOf(real);
    Connections own = connections(hostName);
    // A token service without TLS: only of a registry without, and only where it is, or where such
    // a registry could be.
    Predicate<String> plainRealm =
        realm -> plain && (WebAddress.nameOf(realm).equals(hostName) || access.isPlain(realm));
    Authorizer authorizer =
        authorizers.computeIfAbsent(
            new Identity(host, used), i -> new Authorizer(own, plainRealm, used, failures));
    Requests requests = new Requests(own, authorizer, failures, pause, traffic);
    return new Repository((plain ? "http://" : "https://") + real, host, name, requests);
  }

  /** What an operator named may be anywhere, but leads nowhere else: it has its own connections. */
  private Connections connections(String hostName) {
    return access.byOperator()
        ? connections.computeIfAbsent(
            hostName, name -> new Connections(access.reaching(name), lookup))
        : connections.computeIfAbsent("", all -> new Connections(access, lookup));
  }

  /** Whether an operator names what is read, and not an event. */
  boolean byOperator() {
    return access.byOperator();
  }

  RefusingRegistries refusing() {
    return refusing;
  }

  /** Cuts off what a thread waits for. */
  public void abort(Thread thread) {
    connections.values().forEach(c -> c.abort(thread));
  }

  @Override
  public void close() {
    connections.values().forEach(Connections::close);
  }
}
