package io.contractbuilder.contract;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Change a contract; what is null or empty stays as it is.
 *
 * @param env variables to set
 * @param unsetEnv variables to take away
 * @param secrets secrets to set
 * @param unsetSecrets secrets to take away
 * @param startState the state before the webserver wrote {@code updating}; null: as stored
 * @param desiredState {@code ACTIVE} or {@code INACTIVE}; null: the state stays
 */
public record UpdateContract(
    ContractId id,
    TransactionType type,
    @Nullable ImageReference image,
    @Nullable RegistryCredentials auth,
    @Nullable String cmd,
    @Nullable List<String> args,
    Map<String, String> env,
    Set<String> unsetEnv,
    Map<SecretName, Secret> secrets,
    Set<SecretName> unsetSecrets,
    @Nullable Schedule schedule,
    boolean disableSchedule,
    @Nullable ExecutionOrder executionOrder,
    @Nullable ContractState startState,
    @Nullable ContractState desiredState,
    @Nullable String watchdog)
    implements ContractTask {
  @Override
  public String action() {
    return "update";
  }
}
