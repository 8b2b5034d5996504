package io.contractbuilder.local.rootfs;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.ImageReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The unpacked images, one folder for each digest, under {@code <folder>/<hex>/rootfs}. A folder
 * appears under its name only when it is whole.
 */
public final class ImageStore {
  private static final long MOST_BYTES = 8L << 30;
  private static final long MOST_ENTRIES = 2_000_000;
  private final Path folder;
  private final Path layout;
  private final ImageReader reader;
  private final Function<ImageReference, @Nullable RegistryCredentials> credentials;
  private final boolean root;

  /**
   * @param folder ours
   * @param layout where images of the host {@link ContractImages#LOCAL_HOST} lie
   * @param credentials for registries; null for none
   * @param root whether owners can be kept
   */
  public ImageStore(
      Path folder,
      Path layout,
      ImageReader reader,
      Function<ImageReference, @Nullable RegistryCredentials> credentials,
      boolean root) {
    this.folder = folder;
    this.layout = layout;
    this.reader = reader;
    this.credentials = credentials;
    this.root = root;
  }

  /**
   * The image that {@code text} names, unpacked.
   *
   * @throws IllegalArgumentException if it is no reference
   * @throws io.contractbuilder.contract.PartFailure if it cannot be had
   */
  public synchronized UnpackedImage unpacked(String text) throws IOException, UnpackException {
    ImageReference reference = located(ImageReference.parse(text));
    ImageReader.ReadableImage image =
        reader.open(reference, credentials.apply(reference), architecture());
    Path whole = folder.resolve(image.digest().hex());
    if (!Files.isDirectory(whole)) {
      unpack(image, whole);
    }
    return describe(image, whole.resolve("rootfs"));
  }

  /** Removes what none of {@code used} needs, and halves that an end left behind. */
  public synchronized void prune(Set<Digest> used) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        String name = String.valueOf(one.getFileName());
        if (used.stream().noneMatch(d -> d.hex().equals(name))) {
          Trees.delete(one);
        }
      }
    }
  }

  private ImageReference located(ImageReference reference) {
    if (reference instanceof ImageReference.InRegistry r
        && r.host().equals(ContractImages.LOCAL_HOST)) {
      return new ImageReference.InLayout(layout, r.digest() == null ? r.tag() : null, r.digest());
    }
    return reference;
  }

  private void unpack(ImageReader.ReadableImage image, Path whole)
      throws IOException, UnpackException {
    Path half = folder.resolve("." + image.digest().hex());
    Trees.delete(half);
    Path rootfs = Files.createDirectories(half.resolve("rootfs"));
    Files.setAttribute(rootfs, "unix:mode", 0755);
    try {
      Unpacker unpacker = new Unpacker(rootfs, root, MOST_BYTES, MOST_ENTRIES);
      for (ImageReader.Layer layer : image.layers()) {
        try (InputStream in = image.open(layer)) {
          unpacker.add(in);
        }
      }
      mountPoints(rootfs);
      Files.move(half, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Trees.delete(half);
    }
  }

  /** A read-only root needs the folders that something is mounted on. */
  private static void mountPoints(Path rootfs) throws IOException, UnpackException {
    ScopedPaths paths = new ScopedPaths(rootfs);
    for (String name :
        List.of(
            "proc", "sys", "dev", "var/tmp", "run", "var/openfaas/secrets", "var/openfaas/door")) {
      paths.folder(name);
    }
    Files.setAttribute(paths.folder("tmp"), "unix:mode", 01777);
  }

  private static UnpackedImage describe(ImageReader.ReadableImage image, Path rootfs) {
    JsonNode config = image.config().path("config");
    List<String> command = new ArrayList<>(texts(config.path("Entrypoint")));
    command.addAll(texts(config.path("Cmd")));
    String cwd = config.path("WorkingDir").asText("");
    return new UnpackedImage(
        image.digest(),
        rootfs,
        List.copyOf(command),
        texts(config.path("Env")),
        cwd.startsWith("/") ? cwd : "/");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(n -> texts.add(n.asText()));
    return List.copyOf(texts);
  }

  private static String architecture() {
    String arch = System.getProperty("os.arch", "amd64");
    return switch (arch) {
      case "aarch64" -> "arm64";
      case "x86_64" -> "amd64";
      default -> arch;
    };
  }
}
