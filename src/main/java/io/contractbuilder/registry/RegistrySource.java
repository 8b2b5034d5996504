package io.contractbuilder.registry;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ManifestDocument;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An image in a registry. */
final class RegistrySource implements ImageSource {
  private static final int PROOF_BYTES = 16 << 10;
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
  public BlobStream blob(Descriptor blob) {
    return repository.blob(blob);
  }

  @Override
  public String part() {
    return repository.requests().failures().part();
  }

  @Override
  public Digest resolve() {
    Digest head = repository.head(name());
    return head != null ? head : top().digest();
  }

  @Override
  public @Nullable String repositoryAt(String origin) {
    // A mount is a read with the target's credentials: none for a stranger.
    boolean may = client.byOperator() && origin.equals(repository.origin());
    return may ? repository.name() : null;
  }

  @Override
  public boolean mustProve() {
    return !client.byOperator();
  }

  @Override
  public void prove(Descriptor blob, Stored stored) {
    if (!mustProve() || blob.size() == 0) {
      return;
    }
    int length = (int) Math.min(PROOF_BYTES, blob.size());
    long from = new SecureRandom().nextLong(blob.size() - length + 1);
    try {
      if (!Arrays.equals(repository.range(blob, from, length), stored.read(blob, from, length))) {
        throw repository
            .requests()
            .failures()
            .lied("proving that it has the layer " + blob.digest(), "other bytes");
      }
    } catch (IOException e) {
      throw repository.requests().failures().of("proving that it has " + blob.digest(), e);
    }
  }

  @Override
  public void abort(Thread thread) {
    client.abort(thread);
  }
}
