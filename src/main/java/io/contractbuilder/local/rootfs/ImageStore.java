package io.contractbuilder.local.rootfs;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.ImageReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The unpacked images. Each layer is read once, to {@code layer-<digest>}; each sequence of layers
 * is laid out once as a tree of hard links to them, in {@code tree-<digest of the digests>}: images
 * of the same base share its files, those that differ in their labels only share all. A folder
 * appears under its name only when it is whole.
 */
public final class ImageStore {
  private static final long MOST_BYTES = 8L << 30;
  private static final long MOST_ENTRIES = 2_000_000;
  private static final int AT_A_TIME = 4;
  private final Path folder;
  private final Path layout;
  private final ImageReader reader;
  private final Function<ImageReference, @Nullable RegistryCredentials> credentials;
  private final Ownership ownership;

  /**
   * @param folder ours
   * @param layout where images of the host {@link ContractImages#LOCAL_HOST} lie
   * @param credentials for registries; null for none
   * @param keepsOwners whether files get the owners in the layers; asks for root
   */
  public ImageStore(
      Path folder,
      Path layout,
      ImageReader reader,
      Function<ImageReference, @Nullable RegistryCredentials> credentials,
      boolean keepsOwners) {
    this.folder = folder;
    this.layout = layout;
    this.reader = reader;
    this.credentials = credentials;
    this.ownership = new Ownership(keepsOwners);
  }

  /**
   * The image that {@code text} names, unpacked.
   *
   * @throws IllegalArgumentException if it is no reference
   * @throws io.contractbuilder.contract.PartFailure if it cannot be had
   */
  public UnpackedImage unpacked(String text)
      throws IOException, UnpackException, InterruptedException {
    ImageReference reference = located(ImageReference.parse(text));
    ImageReader.ReadableImage image =
        reader.open(reference, credentials.apply(reference), architecture());
    synchronized (this) {
      List<Digest> layers = image.layers().stream().map(ImageReader.Layer::digest).toList();
      Path tree = tree(layers);
      if (!Files.isDirectory(tree)) {
        layOut(stored(image), tree);
      }
      return describe(image, layers, tree);
    }
  }

  /** Removes what none of {@code used} needs, and halves that an end left behind. */
  public synchronized void prune(Collection<UnpackedImage> used) throws IOException {
    Set<Path> kept = new HashSet<>();
    for (UnpackedImage image : used) {
      kept.add(tree(image.layers()));
      image.layers().forEach(l -> kept.add(layer(l)));
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        if (!kept.contains(one)) {
          remove(one);
        }
      }
    }
  }

  /** First under another name: what is half removed is half a tree. */
  private void remove(Path one) throws IOException {
    Path gone = folder.resolve(".gone");
    Trees.delete(gone);
    Files.move(one, gone, StandardCopyOption.ATOMIC_MOVE);
    Trees.delete(gone);
  }

  private Path tree(List<Digest> layers) {
    return folder.resolve(
        "tree-" + Digest.of(layers.toString().getBytes(StandardCharsets.UTF_8)).hex() + owners());
  }

  private Path layer(Digest digest) {
    return folder.resolve("layer-" + digest.hex() + owners());
  }

  /** Root may have run another runtime on this folder before. */
  private String owners() {
    return ownership.kept() ? "" : "-ours";
  }

  private ImageReference located(ImageReference reference) {
    if (reference instanceof ImageReference.InRegistry r
        && r.host().equals(ContractImages.LOCAL_HOST)) {
      return new ImageReference.InLayout(layout, r.digest() == null ? r.tag() : null, r.digest());
    }
    return reference;
  }

  /** The image's layers; those that are not here yet are read, some at a time. */
  private List<StoredLayer> stored(ImageReader.ReadableImage image)
      throws IOException, UnpackException, InterruptedException {
    Budget budget = new Budget(MOST_BYTES, MOST_ENTRIES);
    Set<ImageReader.Layer> missing = new LinkedHashSet<>(image.layers());
    missing.removeIf(l -> Files.isDirectory(layer(l.digest())));
    ExecutorService readers = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      CompletionService<StoredLayer> reading = new ExecutorCompletionService<>(readers);
      missing.forEach(l -> reading.submit(() -> read(image, l, budget)));
      for (int i = 0; i < missing.size(); i++) {
        reading.take().get();
      }
    } catch (ExecutionException e) {
      throw thrown(e);
    } finally {
      readers.shutdownNow();
      readers.close();
    }
    return image.layers().stream().map(l -> new StoredLayer(layer(l.digest()))).toList();
  }

  private static IOException thrown(ExecutionException e) throws IOException, UnpackException {
    return switch (e.getCause()) {
      case IOException io -> throw io;
      case UnpackException bad -> throw bad;
      case RuntimeException other -> throw other;
      case null, default -> new IOException("a layer could not be read", e);
    };
  }

  private StoredLayer read(ImageReader.ReadableImage image, ImageReader.Layer layer, Budget budget)
      throws IOException, UnpackException {
    Path whole = layer(layer.digest());
    Path half = folder.resolve(".half-" + whole.getFileName());
    Trees.delete(half);
    Files.createDirectory(half);
    try (InputStream in = image.open(layer)) {
      StoredLayer.read(half, in, ownership, budget);
      Files.move(half, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Trees.delete(half);
    }
    return new StoredLayer(whole);
  }

  private void layOut(List<StoredLayer> layers, Path tree) throws IOException, UnpackException {
    Path half = folder.resolve(".half-" + tree.getFileName());
    Trees.delete(half);
    Files.createDirectory(half);
    Files.setAttribute(half, "unix:mode", 0755);
    try {
      Unpacker unpacker = new Unpacker(half, ownership, new Budget(MOST_BYTES, MOST_ENTRIES));
      for (StoredLayer layer : layers) {
        unpacker.add(layer);
      }
      mountPoints(half);
      Files.move(half, tree, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Trees.delete(half);
    }
  }

  /** A read-only root needs the folders that something is mounted on. */
  private static void mountPoints(Path rootfs) throws IOException, UnpackException {
    ScopedPaths paths = new ScopedPaths(rootfs);
    for (String name :
        List.of("proc", "sys", "dev", "run", "var/openfaas/secrets", "var/openfaas/door")) {
      paths.folder(name);
    }
    // runc gives a tmpfs the mode of the folder below, whatever its options say.
    for (String name : List.of("tmp", "var/tmp")) {
      Files.setAttribute(paths.folder(name), "unix:mode", 01777);
    }
  }

  private static UnpackedImage describe(
      ImageReader.ReadableImage image, List<Digest> layers, Path rootfs) {
    JsonNode config = image.config().path("config");
    List<String> command = new ArrayList<>(texts(config.path("Entrypoint")));
    command.addAll(texts(config.path("Cmd")));
    String cwd = config.path("WorkingDir").asText("");
    return new UnpackedImage(
        image.digest(),
        layers,
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
