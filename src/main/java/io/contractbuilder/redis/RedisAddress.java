package io.contractbuilder.redis;

import io.contractbuilder.contract.Secret;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is and how to come in.
 *
 * @param port 1 to 65535
 * @param tls null for plain TCP
 * @param user of the access control list; null for the default one
 * @param password asked for at each connect, so that a changed one is found; gives null where none
 *     is needed. What it throws, a call throws
 */
public record RedisAddress(
    String host,
    int port,
    @Nullable RedisTls tls,
    @Nullable String user,
    Supplier<@Nullable Secret> password) {

  /** One that everybody may use, over plain TCP. */
  public static RedisAddress open(String host, int port) {
    return new RedisAddress(host, port, null, null, () -> null);
  }

  /** Host and port. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
