package io.contractbuilder.settings;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was configured; {@link Setting} names each variable.
 *
 * @param home the program's own folder
 * @param stateFolder where the program keeps what nothing else keeps; absolute, may not be there
 *     yet; null: not known
 * @param watchdog {@code builtin}, a folder or an image reference; null: the classic one from the
 *     program's own folder if it is there, else the built-in one
 * @param readyTimeout how long a deployed function may take until it answers
 * @param timeout how long a whole job may take
 * @param processor how tasks out of the chain's queue are done
 * @param reportErrors whether a failure is also stored, as the chain's operators look for it
 * @param service what such a report says that failed
 * @param logLevel {@code trace}, {@code debug}, {@code info}, {@code warn} or {@code error}
 */
public record Settings(
    Path home,
    @Nullable Path stateFolder,
    GatewaySettings gateway,
    ImageSettings images,
    ChainSettings chain,
    @Nullable String watchdog,
    Duration readyTimeout,
    Duration timeout,
    StorageSettings storage,
    RedisSettings redis,
    LedgerSettings ledger,
    ProcessorSettings processor,
    boolean reportErrors,
    String service,
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

  /**
   * The state folder, where something has to be kept in it.
   *
   * @throws InvalidInput if there is none
   */
  public Path state() {
    if (stateFolder == null) {
      throw new InvalidInput(
          "settings",
          List.of(
              new Violation(
                  Setting.CONTRACT_BUILDER_STATE.name(),
                  "nothing, and no HOME either",
                  Setting.CONTRACT_BUILDER_STATE.allowed())));
    }
    return stateFolder;
  }
}
