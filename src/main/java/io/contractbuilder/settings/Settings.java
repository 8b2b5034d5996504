package io.contractbuilder.settings;

import io.contractbuilder.contract.InvalidInput;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was configured; {@link Setting} names each variable.
 *
 * @param home the program's own folder
 * @param state where the program keeps what it knows; absolute, may not be there yet
 * @param watchdog {@code builtin}, a folder or an image reference; null: the classic one from the
 *     program's own folder if it is there, else the built-in one
 * @param readyTimeout how long a deployed function may take until it answers
 * @param storage the folder that contracts are stored in; may not be there yet
 * @param logLevel {@code trace}, {@code debug}, {@code info}, {@code warn} or {@code error}
 */
public record Settings(
    Path home,
    Path state,
    GatewaySettings gateway,
    ImageSettings images,
    ChainSettings chain,
    @Nullable String watchdog,
    Duration readyTimeout,
    Path storage,
    String logLevel) {

  /**
   * Reads the environment. No secret is read yet, nothing is made.
   *
   * @param programHome the program's own folder
   * @throws InvalidInput with every mistake, unknown variables of our own included
   */
  public static Settings read(Map<String, String> environment, Path programHome) {
    return new SettingsReader(environment).read(programHome);
  }
}
