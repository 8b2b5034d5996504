package io.contractbuilder.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remove a contract and all that belongs to it. What the event says of it serves where the stored
 * contract is missing or incomplete.
 *
 * @param imageDigest the built image; null: none known
 * @param authKeyId the API key; null: none known
 * @param existingSecrets names of deployed secrets
 */
public record DeleteContract(
    ContractId id,
    TransactionType type,
    @Nullable Digest imageDigest,
    @Nullable String authKeyId,
    List<SecretName> existingSecrets)
    implements ContractTask {
  @Override
  public String action() {
    return "delete";
  }
}
