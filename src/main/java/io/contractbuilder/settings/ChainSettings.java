package io.contractbuilder.settings;

import io.contractbuilder.contract.ChainId;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.Violation;
import java.nio.file.Path;
import java.util.List;
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

  /**
   * The private key's public id; the given one where there is no key.
   *
   * @throws InvalidInput if the private key is none, or another id was given
   * @throws SettingsException as {@link #privateKey}
   */
  public String publicId() {
    Secret key = privateKey();
    if (key == null) {
      return dragonchainId;
    }
    String id;
    try {
      id = ChainId.of(key);
    } catch (IllegalArgumentException e) {
      throw wrong(
          Setting.SECRET_LOCATION, "a private-key that " + e.getMessage(), "32 bytes in base64");
    }
    if (!dragonchainId.isEmpty() && !dragonchainId.equals(id)) {
      throw wrong(Setting.DRAGONCHAIN_ID, '"' + dragonchainId + '"', "that of private-key: " + id);
    }
    return id;
  }

  private static InvalidInput wrong(Setting setting, String found, String allowed) {
    return new InvalidInput("settings", List.of(new Violation(setting.name(), found, allowed)));
  }
}
