package io.contractbuilder.image;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place that built images are pushed to and deployed from: a repository {@code
 * customer-contracts}.
 */
public interface ContractImages {
  /** The repository's name. */
  String REPOSITORY = "customer-contracts";

  /**
   * The host in the references of images that lie in the local platform's own layout, which is no
   * registry that anything could be pulled from.
   */
  String LOCAL_HOST = "contract-builder.local";

  /**
   * Asks the source for the digest that {@code reference} names now; moves no blob.
   *
   * @throws io.contractbuilder.contract.PartFailure if it cannot be had
   */
  Digest resolve(ImageReference reference, @Nullable RegistryCredentials credentials);

  /**
   * Makes the customer's image an OpenFaaS function's and pushes it, tagged with the contract's id.
   * Equal requests give an equal digest; what is there already is not copied again.
   *
   * @throws io.contractbuilder.contract.PartFailure with nothing tagged
   */
  BuiltImage build(BuildRequest request, CopyListener listener);

  /**
   * The image that is tagged with the contract's id; null if none is, or if this place cannot say.
   * By this an image is found that was pushed by a build of which nobody heard the end.
   */
  default @Nullable Digest tagged(ContractId id) {
    return null;
  }

  /**
   * Every tag that names an image there.
   *
   * @throws io.contractbuilder.contract.PartFailure if that cannot be said
   */
  Set<String> tags();

  /** Images that lie there without a tag, as far as this place can say. */
  default Set<Digest> untagged() {
    return Set.of();
  }

  /**
   * Whether a contract's image can be read there without credentials, as far as that can be found
   * out; true where it cannot.
   */
  default boolean isReadableByAll(ContractId id) {
    return true;
  }

  /** Whether the image is there. */
  boolean exists(Digest image);

  /** Removes the image; the answer says whether it is gone. */
  Removal delete(Digest image);

  /** How the image is named to OpenFaaS: {@code host/customer-contracts@sha256:…}. */
  String reference(Digest image);

  /** How a removal ended. */
  sealed interface Removal {
    /** It was there and is gone. */
    record Removed() implements Removal {}

    /** It was not there. */
    record Absent() implements Removal {}

    /**
     * The registry does not let anything be deleted.
     *
     * @param warning names the digest and what to set
     */
    record NotAllowed(String warning) implements Removal {}
  }
}
