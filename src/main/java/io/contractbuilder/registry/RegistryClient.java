package io.contractbuilder.registry;

import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.crypto.NativeCrypto;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private final HostFolders hosts;

  /** By the endpoint that certs.d names, by a host, or one for all. */
  private final Map<Object, Connections> connections = new ConcurrentHashMap<>();

  private final Map<Identity, Authorizer> authorizers = new ConcurrentHashMap<>();

  private final Map<String, Optional<RegistryCredentials>> found = new ConcurrentHashMap<>();

  private record Identity(
      Endpoint endpoint, String host, @Nullable RegistryCredentials credentials) {
    // A record's own methods are made at run time, which takes some milliseconds of a short
    // process.

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Identity identity
          && identity.host.equals(host)
          && Objects.equals(identity.credentials, credentials)
          && identity.endpoint.equals(endpoint);
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
    this.hosts = new HostFolders(access.certificates());
  }

  /**
   * A repository at the registry itself.
   *
   * @param host as in a reference
   * @param credentials null: the access's for this host, if it has any
   */
  Repository repository(
      String host, String name, @Nullable RegistryCredentials credentials, TrafficCount traffic) {
    return repository(own(host), host, name, credentials, traffic);
  }

  /**
   * Where a repository's image may be read, in order: at the registry's mirrors, then at itself.
   * Credentials that came with a reference are for the registry alone.
   *
   * @param tagged whether a tag names the image
   */
  List<Repository> readable(
      String host,
      String name,
      @Nullable RegistryCredentials credentials,
      boolean tagged,
      TrafficCount traffic) {
    HostsFile file = hosts.hosts(host);
    List<Repository> all = new ArrayList<>();
    for (Endpoint mirror : file.mirrors()) {
      if (tagged ? mirror.resolves() : mirror.pulls()) {
        all.add(repository(mirror, host, name, null, traffic));
      }
    }
    Endpoint own = own(host);
    if ((tagged ? own.resolves() : own.pulls()) || all.isEmpty()) {
      all.add(repository(own, host, name, credentials, traffic));
    }
    return all;
  }

  private Endpoint own(String host) {
    Endpoint server = hosts.hosts(host).server();
    if (server != null) {
      return server;
    }
    String real = host.equals(DOCKER) ? DOCKER_HOST : host;
    URI base = URI.create((isPlain(host) ? "http://" : "https://") + real + "/v2");
    return new Endpoint(base, true, true, TlsFiles.NONE, "");
  }

  private Repository repository(
      Endpoint endpoint,
      String host,
      String name,
      @Nullable RegistryCredentials credentials,
      TrafficCount traffic) {
    if (!endpoint.isPlain()) {
      NativeCrypto.prepare();
    }
    HostsFile file = hosts.hosts(host);
    boolean mirror = file.mirrors().contains(endpoint);
    String party = mirror ? endpoint.authority() : host;
    RegistryCredentials used = credentials != null ? credentials : found(party);
    Failures failures =
        new Failures(mirror ? "mirror " + party + " of " + host : "registry " + host);
    // What certs.d names is the operator's word, whoever names the image.
    boolean named = mirror || (file.named() && endpoint.equals(file.server()));
    boolean configured = mirror || (file.server() != null && endpoint.equals(file.server()));
    Connections connections = connections(endpoint, configured, named);
    // A token service without TLS: only of a registry without, and only where it is, or where such
    // a registry could be.
    Predicate<String> plainRealm =
        realm ->
            endpoint.isPlain()
                && (WebAddress.nameOf(realm).equals(endpoint.name()) || isPlain(realm));
    Authorizer authorizer =
        authorizers.computeIfAbsent(
            new Identity(endpoint, party, used),
            i -> new Authorizer(connections, plainRealm, used, failures));
    Requests requests = new Requests(connections, authorizer, failures, pause, traffic);
    return new Repository(endpoint, host, name, requests);
  }

  private @Nullable RegistryCredentials found(String host) {
    return found
        .computeIfAbsent(host, h -> Optional.ofNullable(access.credentials().find(h)))
        .orElse(null);
  }

  private boolean isPlain(String host) {
    return access.plainHttp().contains(host)
        || (access.byOperator() && isLoopback(host) && hosts.tls(host).isNone());
  }

  private static boolean isLoopback(String host) {
    return host.matches("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1])(?::[0-9]+)?");
  }

  /** What an operator named may be anywhere, but leads nowhere else: it has its own connections. */
  private Connections connections(Endpoint endpoint, boolean configured, boolean named) {
    RegistryAccess reaching = access.reaching(endpoint.name());
    if (configured) {
      RegistryAccess rules = named || access.byOperator() ? reaching : access;
      return connections.computeIfAbsent(
          endpoint, e -> new Connections(rules, lookup, hosts, endpoint));
    }
    return access.byOperator()
        ? connections.computeIfAbsent(
            endpoint.name(), name -> new Connections(reaching, lookup, hosts, null))
        : connections.computeIfAbsent("", all -> new Connections(access, lookup, hosts, null));
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
