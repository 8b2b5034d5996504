package io.contractbuilder.settings;

/**
 * What contracts are told of their chain; each may be empty.
 *
 * @param dragonchainId the public id
 * @param endpoint the chain's own URL
 */
public record ChainSettings(
    String stage, String internalId, String dragonchainId, String endpoint) {}
