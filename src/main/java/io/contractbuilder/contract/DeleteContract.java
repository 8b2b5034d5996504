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
 * @param command {@code cmd} and {@code args}, for the ledger; empty: none known
 */
public record DeleteContract(
    ContractId id,
    TransactionType type,
    @Nullable Digest imageDigest,
    @Nullable String authKeyId,
    List<SecretName> existingSecrets,
    List<String> command)
    implements ContractTask {
  /** A task that says nothing of the contract's command. */
  public DeleteContract(
      ContractId id,
      TransactionType type,
      @Nullable Digest imageDigest,
      @Nullable String authKeyId,
      List<SecretName> existingSecrets) {
    this(id, type, imageDigest, authKeyId, existingSecrets, List.of());
  }

  @Override
  public String action() {
    return "delete";
  }
}
