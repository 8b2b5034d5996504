package io.contractbuilder.settings;

import io.contractbuilder.contract.Secret;
import java.net.URI;
import java.nio.file.Path;

/** Where transactions go. */
public sealed interface LedgerSettings {

  /** Nowhere. */
  record None() implements LedgerSettings {}

  /** Into a file of the state folder. */
  record File() implements LedgerSettings {}

  /** On the list of the chain's own Redis. */
  record Redis() implements LedgerSettings {}

  /**
   * To a chain's API.
   *
   * @param url of the chain, without a slash at its end
   * @param type the transaction type, registered on that chain
   * @param keyId of the API key
   */
  record Http(URI url, String type, String keyId, Path keyFile) implements LedgerSettings {

    /**
     * The API key, read anew.
     *
     * @throws SettingsException if its file is not there or cannot be read
     */
    public Secret key() {
      Secret key = SecretFile.text(keyFile);
      if (key == null) {
        throw SecretFile.failure(keyFile, "is not there", null);
      }
      return key;
    }
  }
}
