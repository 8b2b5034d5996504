package io.contractbuilder.settings;

import io.contractbuilder.contract.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How tasks out of the chain's queue are done.
 *
 * @param stopLimit how long running ones may go on after a signal
 * @param listen where the processor says how it is; null: nowhere
 * @param statusTokenFile null: people are shown nothing
 * @param launch where they are done
 */
public record ProcessorSettings(
    Duration stopLimit,
    @Nullable Address listen,
    @Nullable Path statusTokenFile,
    LaunchSettings launch) {

  /**
   * Of this machine.
   *
   * @param host an IPv6 address without brackets
   * @param port 1 to 65535
   */
  public record Address(String host, int port) {}

  /**
   * What people have to know to be shown the status page, read anew.
   *
   * @throws SettingsException if its file is not there, empty, or cannot be read
   */
  public Secret statusToken() {
    Path file = Objects.requireNonNull(statusTokenFile, "there is no page");
    Secret token = SecretFile.text(file);
    if (token == null || token.reveal().isEmpty()) {
      throw SecretFile.failure(file, token == null ? "is not there" : "is empty", null);
    }
    return token;
  }
}
