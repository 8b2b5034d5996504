package io.contractbuilder.registry;

import io.contractbuilder.contract.RegistryCredentials;
import org.jspecify.annotations.Nullable;

/** Finds an operator's credentials for a registry; never asked for what an event names. */
public interface CredentialSource {
  /** The user of credentials that are an identity token, as Docker's helpers say it. */
  String IDENTITY_TOKEN = "<token>";

  /** Has none. */
  CredentialSource NONE = host -> null;

  /**
   * @param host with its port, as in references
   * @return null if there are none
   * @throws io.contractbuilder.contract.PartFailure if they cannot be had
   */
  @Nullable RegistryCredentials find(String host);
}
