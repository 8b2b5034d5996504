package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageFiles;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ManifestDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An image in an OCI image layout folder. */
final class LayoutSource implements ImageSource {
  private final InLayout reference;
  private final ImageLayout layout;

  LayoutSource(InLayout reference) {
    this.reference = reference;
    this.layout = new ImageLayout(reference.folder());
  }

  @Override
  public String part() {
    return "image layout " + reference.folder();
  }

  @Override
  public ManifestDocument top() {
    try {
      return manifest(chosen());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Descriptor chosen() throws IOException {
    if (!layout.isThere()) {
      throw new RegistryException(
          part(), "opening it", "there is no index.json in it", "Name an OCI image layout folder");
    }
    Digest digest = reference.digest();
    String tag = reference.tag();
    List<ObjectNode> entries = layout.entries();
    List<ObjectNode> fitting =
        entries.stream()
            .filter(e -> digest == null || e.path("digest").asText("").equals(digest.value()))
            .filter(e -> tag == null || ImageLayout.tag(e).equals(tag))
            .toList();
    boolean one = fitting.stream().map(e -> e.path("digest")).distinct().count() == 1;
    if (one || (tag != null && !fitting.isEmpty())) {
      return Descriptor.of(reference.toString(), fitting.getFirst());
    }
    List<String> tags = entries.stream().map(ImageLayout::tag).filter(t -> !t.isEmpty()).toList();
    throw new RegistryException(
        part(),
        "looking for " + reference,
        fitting.isEmpty() ? "it is not there" : "there are several images",
        "It has the tags " + tags + ": name one as oci:folder:tag, or a digest");
  }

  @Override
  public ManifestDocument manifest(Descriptor descriptor) {
    byte[] bytes = small(descriptor, ImageLimits.MANIFEST_BYTES);
    return ManifestDocument.read(reference.toString(), descriptor.mediaType(), bytes);
  }

  @Override
  public byte[] config(Descriptor descriptor) {
    return small(descriptor, ImageLimits.CONFIG_BYTES);
  }

  private byte[] small(Descriptor blob, int limit) {
    Path file = layout.blob(blob.digest());
    try {
      if (Files.size(file) > limit) {
        throw broken(blob.digest() + " has more than " + limit + " bytes");
      }
      byte[] bytes = Files.readAllBytes(file);
      if (!Digest.of(bytes).equals(blob.digest())) {
        throw broken(blob.digest() + " has bytes of another digest");
      }
      return bytes;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public InputStream blob(Descriptor blob) throws IOException {
    Path file = layout.blob(blob.digest());
    if (!Files.isRegularFile(file) || Files.size(file) != blob.size()) {
      throw broken("the blob " + blob.digest() + " is missing or has another size");
    }
    return Files.newInputStream(file);
  }

  @Override
  public @Nullable ImageFiles files(ManifestDocument manifest) {
    List<Descriptor> layers = manifest.layers();
    try {
      return layers.stream().allMatch(Descriptor::isPlainTar)
          ? LayerScan.of(layers, this::blob).orElse(null)
          : null;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private RegistryException broken(String answer) {
    return new RegistryException(part(), "reading it", answer, "Make the layout again");
  }

  private RegistryException unreadable(@Nullable IOException e) {
    return new RegistryException(
        part(),
        "reading it",
        0,
        "it cannot be read (" + e + ")",
        "Check the folder and its rights",
        false,
        e);
  }
}
