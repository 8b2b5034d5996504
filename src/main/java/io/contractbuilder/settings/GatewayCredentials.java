package io.contractbuilder.settings;

import io.contractbuilder.contract.Secret;

/** What the gateway asks of its user (HTTP basic authentication). */
public record GatewayCredentials(String user, Secret password) {}
