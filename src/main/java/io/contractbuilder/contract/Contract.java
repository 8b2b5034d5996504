package io.contractbuilder.contract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A contract as it is stored ({@code SMARTCONTRACT/<id>/metadata.json}). No secret's value is in
 * it.
 *
 * @param image the customer's reference, as it was given
 * @param imageDigest the built image that is deployed; null: none
 * @param env the contract's own variables and the injected ones
 * @param existingSecrets names of deployed secrets, in the order in which they came
 * @param schedule the contract's schedule, also while it is inactive and nothing runs
 */
public record Contract(
    TransactionType type,
    ContractId id,
    Status status,
    String image,
    @Nullable String authKeyId,
    @Nullable Digest imageDigest,
    String cmd,
    List<String> args,
    Map<String, String> env,
    List<String> existingSecrets,
    @Nullable Schedule schedule,
    ExecutionOrder executionOrder) {

  /** The same contract with variables that it had not. */
  public Contract withMoreEnv(Map<String, String> more) {
    var all = new LinkedHashMap<>(env);
    more.forEach(all::putIfAbsent);
    return new Contract(
        type,
        id,
        status,
        image,
        authKeyId,
        imageDigest,
        cmd,
        args,
        all,
        existingSecrets,
        schedule,
        executionOrder);
  }

  /** The same contract in another state. */
  public Contract withStatus(Status changed) {
    return new Contract(
        type,
        id,
        changed,
        image,
        authKeyId,
        imageDigest,
        cmd,
        args,
        env,
        existingSecrets,
        schedule,
        executionOrder);
  }
}
