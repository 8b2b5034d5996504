package io.contractbuilder.settings;

import io.contractbuilder.contract.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The chain's Redis servers. The way in is the same for all.
 *
 * @param main queues: ledger, scheduler; null: none
 * @param cache the storage's cache; null: none
 * @param search the search index; null: none
 * @param tls whether TLS is spoken
 * @param authority PEM file of the certificate authorities that are trusted; null: Java's own
 * @param user null: the default one
 * @param passwordFile null: no password
 */
public record RedisSettings(
    @Nullable Endpoint main,
    @Nullable Endpoint cache,
    @Nullable Endpoint search,
    boolean tls,
    @Nullable Path authority,
    @Nullable String user,
    @Nullable Path passwordFile) {

  /**
   * Where one is.
   *
   * @param host an IPv6 address without brackets
   */
  public record Endpoint(String host, int port) {}

  /**
   * The password, read anew.
   *
   * @return null if none is configured
   * @throws SettingsException if its file is not there or cannot be read
   */
  public @Nullable Secret password() {
    if (passwordFile == null) {
      return null;
    }
    Secret password = SecretFile.text(passwordFile);
    if (password == null) {
      throw SecretFile.failure(passwordFile, "is not there", null);
    }
    return password;
  }
}
