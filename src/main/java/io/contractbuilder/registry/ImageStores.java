package io.contractbuilder.registry;

import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.ImageReference.InArchive;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.contract.RegistryCredentials;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens images wherever they are: in registries, layouts and archives. */
public final class ImageStores implements AutoCloseable {
  private final RegistryClient client;
  private final boolean files;

  /**
   * @param client closed with this
   * @param files whether layouts and archives of this machine may be read: not for a stranger's
   *     reference
   */
  public ImageStores(RegistryClient client, boolean files) {
    this.client = client;
    this.files = files;
  }

  ImageSource source(
      ImageReference reference, @Nullable RegistryCredentials credentials, TrafficCount traffic) {
    // Switches over types would be made at run time, which takes longer than a whole wrap may.
    if (reference instanceof InRegistry image) {
      return registry(image, credentials, traffic);
    }
    requireFiles(reference);
    return reference instanceof InLayout layout
        ? new LayoutSource(layout)
        : new ArchiveSource((InArchive) reference);
  }

  private ImageSource registry(
      InRegistry image, @Nullable RegistryCredentials credentials, TrafficCount traffic) {
    List<RegistrySource> places = new ArrayList<>();
    for (Repository repository :
        client.readable(
            image.host(), image.repository(), credentials, image.digest() == null, traffic)) {
      places.add(new RegistrySource(image, repository, client));
    }
    return places.size() == 1 ? places.getFirst() : new MirroredSource(places);
  }

  /** Whether an operator names what is read here, and not an event. */
  boolean byOperator() {
    return client.byOperator();
  }

  private void requireFiles(ImageReference reference) {
    if (!files) {
      throw new RegistryException(
          "image " + reference,
          "opening it",
          "files of this machine are not read for an event",
          "Name an image in a registry");
    }
  }

  /**
   * @param reference with a tag, where it is in a registry
   * @param mountFrom a repository of that registry that has the layers; null: none is known
   */
  ImageTarget target(
      ImageReference reference,
      @Nullable RegistryCredentials credentials,
      @Nullable String mountFrom,
      TrafficCount traffic) {
    if (reference.digest() != null) {
      throw new IllegalArgumentException("a target is named by a tag, not by a digest");
    }
    String tag = reference.tag();
    if (reference instanceof InRegistry image) {
      return new RegistryTarget(
          client.repository(image.host(), image.repository(), credentials, traffic),
          tag == null ? "latest" : tag,
          mountFrom,
          client,
          traffic);
    }
    return reference instanceof InLayout layout
        ? new LayoutTarget(layout.folder(), tag, false, traffic)
        : new ArchiveTarget(((InArchive) reference).file(), tag, traffic);
  }

  /** Cuts off what a thread waits for. */
  public void abort(Thread thread) {
    client.abort(thread);
  }

  @Override
  public void close() {
    client.close();
  }
}
