package io.contractbuilder.contract;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Make a new contract.
 *
 * @param auth for the image's registry; null: anonymous
 * @param watchdog which watchdog to use, as the setting {@code CONTRACT_BUILDER_WATCHDOG}; null:
 *     the configured one
 */
public record CreateContract(
    ContractId id,
    TransactionType type,
    ImageReference image,
    @Nullable RegistryCredentials auth,
    String cmd,
    List<String> args,
    Map<String, String> env,
    Map<SecretName, Secret> secrets,
    @Nullable Schedule schedule,
    ExecutionOrder executionOrder,
    @Nullable String watchdog)
    implements ContractTask {
  @Override
  public String action() {
    return "create";
  }
}
