package io.contractbuilder.contract;

/**
 * What a registry asks of its user.
 *
 * @param user the name, without {@code :}
 * @param password may contain {@code :}
 */
public record RegistryCredentials(String user, Secret password) {}
