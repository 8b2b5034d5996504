package io.contractbuilder.settings;

import io.contractbuilder.contract.Secret;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proxies that registries are reached through.
 *
 * @param https for registries with TLS; null: none
 * @param http for those without; null: none
 * @param except hosts, domains, addresses and networks that are reached directly
 */
public record ProxySettings(@Nullable Proxy https, @Nullable Proxy http, Set<String> except) {
  /** None. */
  public static final ProxySettings NONE = new ProxySettings(null, null, Set.of());

  /**
   * One proxy.
   *
   * @param user null: it asks for none
   * @param password where there is a user
   */
  public record Proxy(String host, int port, @Nullable String user, @Nullable Secret password) {}
}
