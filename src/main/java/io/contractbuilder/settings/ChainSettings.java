package io.contractbuilder.settings;

/** What contracts are told of their chain; each is empty where there is none. */
public record ChainSettings(
    String stage, String internalId, String dragonchainId, String endpoint) {}
