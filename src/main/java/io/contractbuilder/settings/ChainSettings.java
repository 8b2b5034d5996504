package io.contractbuilder.settings;

import io.contractbuilder.contract.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What contracts are told of their chain; each may be empty.
 *
 * @param dragonchainId the public id as it was given; else the private key's
 * @param endpoint the chain's own URL
 * @param secretFile JSON with the key {@code private-key}, if the chain is here
 */
public record ChainSettings(
    String stage,
    String internalId,
    String dragonchainId,
    String endpoint,
    @Nullable Path secretFile) {

  /**
   * The chain's private key, read anew.
   *
   * @return 32 bytes in base64; null if none is configured
   * @throws SettingsException if the file is not there or cannot be read
   */
  public @Nullable Secret privateKey() {
    return secretFile == null ? null : SecretFile.find(secretFile, "private-key");
  }
}
