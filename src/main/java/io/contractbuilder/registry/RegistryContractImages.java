package io.contractbuilder.registry;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.BuildRequest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.IndexEntry;
import io.contractbuilder.image.ManifestDocument;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Contracts' images in a private registry, each tagged with its contract's id. */
public final class RegistryContractImages implements ContractImages {
  private final String host;
  private final RegistryClient registry;
  private final ImageStores sources;
  private final ImageWrap wrap;

  /**
   * @param host the private registry's, with its port
   * @param registry with the private registry's credentials and allowed address; reads no source
   * @param sources opens customers' images, without those credentials
   */
  public RegistryContractImages(
      String host, RegistryClient registry, ImageStores sources, ImageWrap wrap) {
    this.host = host;
    this.registry = registry;
    this.sources = sources;
    this.wrap = wrap;
  }

  @Override
  public Digest resolve(ImageReference reference, @Nullable RegistryCredentials credentials) {
    refuseOthersContracts(reference);
    return sources.source(reference, credentials, new TrafficCount()).resolve();
  }

  @Override
  public BuiltImage build(BuildRequest request, CopyListener listener) {
    refuseOthersContracts(request.source());
    TrafficCount traffic = new TrafficCount();
    RegistryTarget target =
        new RegistryTarget(repository(traffic), request.id().value(), null, registry, traffic);
    ImageWrap.Input input =
        new ImageWrap.Input(
            request.source(),
            request.credentials(),
            request.watchdog(),
            request.id(),
            null,
            request.command());
    return wrap.wrap(input, sources, target, traffic, listener);
  }

  /**
   * What lies there are contracts' images: no customer's own. The registry may have other names
   * than ours for it; so a stranger may not name such a repository anywhere.
   */
  private void refuseOthersContracts(ImageReference reference) {
    if (reference instanceof InRegistry image
        && (image.host().equals(host) || !sources.byOperator())
        && image.repository().equals(REPOSITORY)) {
      throw new RegistryException(
          "image " + reference,
          "opening it",
          "it is a contract's built image",
          "Name the customer's own image");
    }
  }

  private Repository repository(TrafficCount traffic) {
    return registry.repository(host, REPOSITORY, null, traffic);
  }

  @Override
  public @Nullable Digest tagged(ContractId id) {
    Repository repository = repository(new TrafficCount());
    try {
      Digest head = repository.head(id.value());
      return head != null
          ? head
          : repository.manifest(id.value(), null, "of contract " + id).digest();
    } catch (RegistryException e) {
      if (e.status() == 404) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public Set<String> tags() {
    return repository(new TrafficCount()).tags();
  }

  @Override
  public boolean isReadableByAll(ContractId id) {
    try {
      var image = new InRegistry(host, REPOSITORY, id.value(), null);
      sources.source(image, null, new TrafficCount()).resolve();
      return true;
    } catch (RegistryException e) {
      return e.status() != 401 && e.status() != 403;
    }
  }

  @Override
  public boolean exists(Digest image) {
    return repository(new TrafficCount()).exists("manifests", image);
  }

  @Override
  public Removal delete(Digest image) {
    Repository repository = repository(new TrafficCount());
    // An index's manifests are the contract's own, too: its id is in their configurations.
    List<Digest> inner = inner(repository, image);
    int status = repository.delete(image);
    for (Digest manifest : inner) {
      if (status != 405) {
        repository.delete(manifest);
      }
    }
    return switch (status) {
      case 404 -> new Removal.Absent();
      case 405 ->
          new Removal.NotAllowed(
              "The registry "
                  + host
                  + " does not allow deletion: "
                  + reference(image)
                  + " stays there. Set REGISTRY_STORAGE_DELETE_ENABLED=true for it and delete it,"
                  + " then collect its garbage");
      default -> new Removal.Removed();
    };
  }

  private List<Digest> inner(Repository repository, Digest image) {
    try {
      ManifestDocument document = repository.manifest(image.value(), image, reference(image));
      return document.isIndex()
          ? document.entries().stream().map(IndexEntry::descriptor).map(d -> d.digest()).toList()
          : List.of();
    } catch (RegistryException e) {
      if (e.status() == 404) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public String reference(Digest image) {
    return host + "/" + REPOSITORY + "@" + image;
  }
}
