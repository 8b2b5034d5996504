package io.contractbuilder.image;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import org.jspecify.annotations.Nullable;

/**
 * A contract's image to be built.
 *
 * @param id the contract whose image it becomes; makes the digest the contract's own
 * @param source the customer's image
 * @param credentials for the source's registry and no other; null: anonymous
 * @param command what will run in it; null: not known
 */
public record BuildRequest(
    ContractId id,
    ImageReference source,
    @Nullable RegistryCredentials credentials,
    Watchdog watchdog,
    @Nullable ImageCommand command) {

  /** Of an image of which is not known what will run in it. */
  public BuildRequest(
      ContractId id,
      ImageReference source,
      @Nullable RegistryCredentials credentials,
      Watchdog watchdog) {
    this(id, source, credentials, watchdog, null);
  }
}
