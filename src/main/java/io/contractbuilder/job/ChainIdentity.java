package io.contractbuilder.job;

/**
 * What a contract is told of the chain that it runs on; each may be empty where there is no chain.
 *
 * @param stage {@code STAGE}
 * @param internalId {@code INTERNAL_ID}, also the function's label {@code com.dragonchain.id}
 * @param dragonchainId {@code DRAGONCHAIN_ID}, the public chain id
 * @param endpoint {@code DRAGONCHAIN_ENDPOINT}
 */
public record ChainIdentity(
    String stage, String internalId, String dragonchainId, String endpoint) {
  /** No chain. */
  public static final ChainIdentity NONE = new ChainIdentity("", "", "", "");
}
