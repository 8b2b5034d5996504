package io.contractbuilder.settings;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the OpenFaaS gateway is reached.
 *
 * @param url without a slash at its end; null: the local platform's own gateway
 * @param userFile what is in it, but for line ends at its end, is the user
 * @param passwordFile likewise
 */
public record GatewaySettings(@Nullable URI url, Path userFile, Path passwordFile) {

  /**
   * Reads both files anew.
   *
   * @return null if neither is there
   * @throws SettingsException if only one is there, or one cannot be read or used
   */
  public @Nullable GatewayCredentials credentials() {
    var user = SecretFile.text(userFile);
    var password = SecretFile.text(passwordFile);
    if (user == null && password == null) {
      return null;
    }
    if (user == null) {
      throw SecretFile.failure(userFile, "is not there, but the password's file is", null);
    }
    if (password == null) {
      throw SecretFile.failure(passwordFile, "is not there, but the user's file is", null);
    }
    if (user.reveal().isEmpty() || user.reveal().indexOf(':') >= 0) {
      throw SecretFile.failure(userFile, "is empty or has a colon in it", null);
    }
    return new GatewayCredentials(user.reveal(), password);
  }
}
