package io.contractbuilder.registry;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.WrappedImage;
import io.contractbuilder.image.WrappedImage.Platform;
import io.contractbuilder.registry.Uploads.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts an image into a registry with the fewest requests: the manifest first, which is refused with
 * the names of the blobs that are missing; then these; then the manifest again. Only where a
 * registry has been seen to refuse so is an accepted manifest taken for a proof.
 */
final class RegistryTarget implements ImageTarget {
  private final Repository repository;
  private final Uploads uploads;
  private final String tag;
  private final @Nullable String mountFrom;
  private final RegistryClient client;
  private final TrafficCount traffic;

  /**
   * @param mountFrom a repository of the registry that has the layers; null: none is known
   */
  RegistryTarget(
      Repository repository,
      String tag,
      @Nullable String mountFrom,
      RegistryClient client,
      TrafficCount traffic) {
    this.repository = repository;
    this.uploads = new Uploads(repository);
    this.tag = tag;
    this.mountFrom = mountFrom;
    this.client = client;
    this.traffic = traffic;
  }

  /** Where the configuration is put first, there will be something to upload. */
  @Override
  public void expect() {
    if (mountFrom != null || client.refusing().knows(repository.origin())) {
      uploads.beginEarly(client::abort);
    }
  }

  @Override
  public void expectNoMore() {
    uploads.cancelEarly();
  }

  @Override
  public void put(WrappedImage image, ImageSource source, CopyListener listener) {
    for (Platform platform : image.platforms()) {
      String name = image.isIndex() ? platform.descriptor().digest().value() : tag;
      put(platform, name, source, listener);
    }
    if (image.isIndex()) {
      listener.beforeManifest();
      uploads.expectStored(
          uploads.manifest(tag, image.mediaType(), image.top(), image.digest()), tag);
    }
  }

  private void put(Platform platform, String name, ImageSource source, CopyListener listener) {
    Map<String, Blob> blobs = Blob.of(platform, source);
    if (mountFrom != null) {
      putMounted(platform, name, blobs, source, listener);
      return;
    }
    boolean known = client.refusing().knows(repository.origin());
    Set<String> moved = new HashSet<>();
    String digest = platform.descriptor().digest().value();
    if (known) {
      // The configuration is nearly always new.
      copy(Blob.config(platform), null, listener, moved);
    }
    // Before it is known what an accepted manifest proves, and that the source has what it names,
    // none is put under a tag.
    String first = known && !source.mustProve() ? name : digest;
    Answer answer = put(first, platform, listener);
    Set<String> missing =
        answer instanceof Answer.Missing refused
            ? missing(refused, blobs, moved)
            : known ? Set.of() : absent(blobs);
    String from = source.repositoryAt(repository.origin());
    String mount = from == null || from.equals(repository.name()) ? null : from;
    copy(missing.stream().map(blobs::get).toList(), mount, source, listener, moved);
    countPresent(blobs, moved);
    prove(platform, source, moved);
    if (answer instanceof Answer.Missing || !missing.isEmpty() || !first.equals(name)) {
      uploads.expectStored(put(name, platform, listener), name);
    }
  }

  /** All blobs are mounted, or copied where they cannot be: then the manifest is put once. */
  private void putMounted(
      Platform platform,
      String name,
      Map<String, Blob> blobs,
      ImageSource source,
      CopyListener listener) {
    Set<String> moved = new HashSet<>();
    Blob config = Blob.config(platform);
    List<Blob> layers = new ArrayList<>(blobs.values());
    layers.removeIf(blob -> blob.descriptor().digest().equals(config.descriptor().digest()));
    copy(layers, mountFrom, source, listener, moved);
    copy(List.of(config), null, source, listener, moved);
    countPresent(blobs, moved);
    prove(platform, source, moved);
    uploads.expectStored(put(name, platform, listener), name);
  }

  private void countPresent(Map<String, Blob> blobs, Set<String> moved) {
    for (Blob blob : blobs.values()) {
      if (!moved.contains(blob.descriptor().digest().value())) {
        traffic.present(blob.descriptor().size());
      }
    }
  }

  private void prove(Platform platform, ImageSource source, Set<String> moved) {
    if (!source.mustProve()) {
      return;
    }
    List<Runnable> proofs = new ArrayList<>();
    for (Descriptor layer : platform.baseLayers()) {
      if (!layer.foreign() && moved.add(layer.digest().value())) {
        proofs.add(() -> source.prove(layer, repository::range));
      }
    }
    run(proofs, source, "comparing layers with those of " + repository.name());
  }

  private Answer put(String name, Platform platform, CopyListener listener) {
    listener.beforeManifest();
    return uploads.manifest(
        name,
        platform.descriptor().mediaType(),
        platform.manifest(),
        platform.descriptor().digest());
  }

  private Set<String> missing(Answer.Missing refused, Map<String, Blob> blobs, Set<String> moved) {
    if (refused.digests().isEmpty()) {
      Set<String> all = new HashSet<>(blobs.keySet());
      all.removeAll(moved);
      return all;
    }
    client.refusing().add(repository.origin());
    if (!blobs.keySet().containsAll(refused.digests())) {
      throw new RegistryException(
          "registry " + repository.host(),
          "storing the manifest",
          "it asks for a layer that lies elsewhere and may not be copied",
          "Push the image without foreign layers, or let the registry accept them");
    }
    return refused.digests();
  }

  private Set<String> absent(Map<String, Blob> blobs) {
    Set<String> absent = new HashSet<>();
    for (Blob blob : blobs.values()) {
      Digest digest = blob.descriptor().digest();
      if (!repository.exists("blobs", digest)) {
        absent.add(digest.value());
      }
    }
    return absent;
  }

  private void copy(
      List<Blob> blobs,
      @Nullable String mount,
      ImageSource source,
      CopyListener listener,
      Set<String> moved) {
    Set<String> done = java.util.concurrent.ConcurrentHashMap.newKeySet();
    List<Runnable> copies = new ArrayList<>();
    for (Blob blob : blobs) {
      copies.add(() -> copy(blob, mount, listener, done));
    }
    run(copies, source, "copying layers to " + repository.name());
    moved.addAll(done);
  }

  private void run(List<Runnable> all, ImageSource source, String operation) {
    new Copies(
            all,
            thread -> {
              source.abort(thread);
              client.abort(thread);
            })
        .run("registry " + repository.host(), operation);
  }

  private void copy(Blob blob, @Nullable String mount, CopyListener listener, Set<String> moved) {
    Digest digest = blob.descriptor().digest();
    long size = blob.descriptor().size();
    if (uploads.put(
        blob.descriptor(), mount, blob.content(), done -> listener.copied(digest, done, size))) {
      traffic.copied(size);
      moved.add(digest.value());
    }
  }
}
