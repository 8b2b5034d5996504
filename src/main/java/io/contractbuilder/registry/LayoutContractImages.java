package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.BuildRequest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.CopyListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Contracts' images in an OCI image layout folder of this machine. */
public final class LayoutContractImages implements ContractImages {
  private final Path folder;
  private final ImageStores sources;
  private final ImageWrap wrap;

  /**
   * @param folder made when it is first needed
   * @param sources opens customers' images
   */
  public LayoutContractImages(Path folder, ImageStores sources, ImageWrap wrap) {
    this.folder = folder;
    this.sources = sources;
    this.wrap = wrap;
  }

  @Override
  public Digest resolve(ImageReference reference, @Nullable RegistryCredentials credentials) {
    return sources.source(reference, credentials, new TrafficCount()).resolve();
  }

  /** An image that the contract had before stays until it is deleted: it may still be running. */
  @Override
  public BuiltImage build(BuildRequest request, CopyListener listener) {
    TrafficCount traffic = new TrafficCount();
    LayoutTarget target = new LayoutTarget(folder, request.id().value(), true, traffic);
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

  @Override
  public @Nullable Digest tagged(ContractId id) {
    return entries("looking for the image of contract " + id).stream()
        .filter(entry -> ImageLayout.tag(entry).equals(id.value()))
        .flatMap(LayoutContractImages::digest)
        .findFirst()
        .orElse(null);
  }

  @Override
  public Set<String> tags() {
    return entries("listing the tags").stream()
        .map(ImageLayout::tag)
        .filter(tag -> !tag.isEmpty())
        .collect(Collectors.toSet());
  }

  @Override
  public Set<Digest> untagged() {
    List<ObjectNode> entries = entries("listing the images");
    Set<Digest> images =
        entries.stream().flatMap(LayoutContractImages::digest).collect(Collectors.toSet());
    entries.stream()
        .filter(entry -> !ImageLayout.tag(entry).isEmpty())
        .flatMap(LayoutContractImages::digest)
        .forEach(images::remove);
    return images;
  }

  private static Stream<Digest> digest(ObjectNode entry) {
    String digest = entry.path("digest").asText("");
    return Digest.isValid(digest) ? Stream.of(new Digest(digest)) : Stream.of();
  }

  private List<ObjectNode> entries(String operation) {
    ImageLayout layout = new ImageLayout(folder);
    try {
      return layout.isThere() ? layout.entries() : List.of();
    } catch (IOException e) {
      throw failed(operation, e);
    }
  }

  @Override
  public boolean exists(Digest image) {
    return entries("looking for " + image).stream()
        .anyMatch(entry -> entry.path("digest").asText("").equals(image.value()));
  }

  @Override
  public Removal delete(Digest image) {
    try {
      return new ImageLayout(folder).remove(image) ? new Removal.Removed() : new Removal.Absent();
    } catch (IOException e) {
      throw failed("deleting " + image, e);
    }
  }

  @Override
  public String reference(Digest image) {
    return LOCAL_HOST + "/" + REPOSITORY + "@" + image;
  }

  private RegistryException failed(String operation, IOException e) {
    return new RegistryException(
        "image layout " + folder,
        operation,
        0,
        "it failed (" + e + ")",
        "Check the folder and its rights",
        false,
        e);
  }
}
