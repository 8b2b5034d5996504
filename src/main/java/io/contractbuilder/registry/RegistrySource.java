package io.contractbuilder.registry;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ManifestDocument;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** An image in a registry. */
final class RegistrySource implements ImageSource {
  private final InRegistry reference;
  private final Repository repository;
  private final RegistryClient client;

  RegistrySource(InRegistry reference, Repository repository, RegistryClient client) {
    this.reference = reference;
    this.repository = repository;
    this.client = client;
  }

  private String name() {
    Digest digest = reference.digest();
    String tag = reference.tag();
    return digest != null ? digest.value() : tag != null ? tag : "latest";
  }

  @Override
  public ManifestDocument top() {
    return repository.manifest(name(), reference.digest(), reference.toString());
  }

  @Override
  public ManifestDocument manifest(Descriptor descriptor) {
    ManifestDocument manifest =
        repository.manifest(descriptor.digest().value(), descriptor.digest(), reference.toString());
    String operation = "reading the manifest " + descriptor.digest();
    if (!manifest.mediaType().equals(descriptor.mediaType())) {
      throw repository
          .requests()
          .failures()
          .lied(operation, "another media type than its index says");
    }
    if (manifest.bytes().length != descriptor.size()) {
      throw repository
          .requests()
          .failures()
          .lied(
              operation,
              manifest.bytes().length + " bytes, where its index says " + descriptor.size());
    }
    return manifest;
  }

  @Override
  public byte[] config(Descriptor descriptor) {
    try {
      return repository.small(descriptor, ImageLimits.CONFIG_BYTES);
    } catch (IOException e) {
      throw repository.requests().failures().of("reading its configuration", e);
    }
  }

  @Override
  public InputStream blob(Descriptor blob) {
    return repository.blob(blob);
  }

  @Override
  public Digest resolve() {
    Digest head = repository.head(name());
    return head != null ? head : top().digest();
  }

  @Override
  public @Nullable String repositoryAt(String origin) {
    return origin.equals(repository.origin()) ? repository.name() : null;
  }

  @Override
  public void abort(Thread thread) {
    client.abort(thread);
  }
}
