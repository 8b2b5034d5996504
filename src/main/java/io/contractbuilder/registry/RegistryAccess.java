package io.contractbuilder.registry;

import io.contractbuilder.contract.RegistryCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How registries may be reached. A private registry's credentials and allowed address belong into
 * an access of its own, which reads nothing for an event.
 *
 * @param plainHttp hosts, with their ports as written, that are spoken to without TLS
 * @param byOperator whether who names a registry may name any: it may be at an internal address,
 *     and on loopback is spoken to without TLS, unless there is a CA for it
 * @param allowed internal addresses that may be connected to, whoever names them
 * @param certificates a folder with {@code <host[:port]>/} and in it {@code ca.crt}, {@code
 *     client.cert}, {@code client.key} or {@code hosts.toml}, as Docker and containerd read it;
 *     null: only the Java run-time's own CAs, and no mirrors
 * @param credentials for a reference that comes without any
 * @param proxies that registries are reached through
 */
public record RegistryAccess(
    Set<String> plainHttp,
    boolean byOperator,
    AllowedAddresses allowed,
    @Nullable Path certificates,
    CredentialSource credentials,
    Timeouts timeouts,
    Proxies proxies) {

  public RegistryAccess {
    plainHttp = Set.copyOf(plainHttp);
  }

  /** Without proxies. */
  public RegistryAccess(
      Set<String> plainHttp,
      boolean byOperator,
      AllowedAddresses allowed,
      @Nullable Path certificates,
      CredentialSource credentials,
      Timeouts timeouts) {
    this(plainHttp, byOperator, allowed, certificates, credentials, timeouts, Proxies.NONE);
  }

  /**
   * How long is waited.
   *
   * @param connect for a connection
   * @param idle for a body to go on
   * @param answer for a small answer, from the first byte sent to the last got
   * @param stored for the answer to an upload after its last byte
   */
  public record Timeouts(Duration connect, Duration idle, Duration answer, Duration stored) {
    /** 10 s, 20 s, 25 s and 2 minutes. */
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(25),
            Duration.ofMinutes(2));
  }

  /**
   * What an operator named may be anywhere, and without TLS on loopback; where it leads to, on
   * another host, is public or {@code allowed}. No credentials.
   */
  public static RegistryAccess operator(
      Set<String> plainHttp, AllowedAddresses allowed, @Nullable Path certificates) {
    return new RegistryAccess(
        plainHttp, true, allowed, certificates, CredentialSource.NONE, Timeouts.DEFAULT);
  }

  /** What a stranger named: public addresses and {@code allowed} ones; no credentials. */
  public static RegistryAccess stranger(
      Set<String> plainHttp, AllowedAddresses allowed, @Nullable Path certificates) {
    return new RegistryAccess(
        plainHttp, false, allowed, certificates, CredentialSource.NONE, Timeouts.DEFAULT);
  }

  /** The same with one host's credentials; for others it has those that it had. */
  public RegistryAccess with(String host, RegistryCredentials secret) {
    CredentialSource others = credentials;
    return with(asked -> asked.equals(host) ? secret : others.find(asked));
  }

  /** The same with other credentials. */
  public RegistryAccess with(CredentialSource other) {
    return new RegistryAccess(
        plainHttp, byOperator, allowed, certificates, other, timeouts, proxies);
  }

  /** The same with other time-outs. */
  public RegistryAccess with(Timeouts other) {
    return new RegistryAccess(
        plainHttp, byOperator, allowed, certificates, credentials, other, proxies);
  }

  /** The same with other proxies. */
  public RegistryAccess with(Proxies other) {
    return new RegistryAccess(
        plainHttp, byOperator, allowed, certificates, credentials, timeouts, other);
  }

  /** The same, which may also connect to the host of this name wherever it is. */
  RegistryAccess reaching(String name) {
    return new RegistryAccess(
        plainHttp, byOperator, allowed.and(name), certificates, credentials, timeouts, proxies);
  }
}
