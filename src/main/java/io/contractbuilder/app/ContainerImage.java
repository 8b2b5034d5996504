package io.contractbuilder.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.json.Json;
import io.contractbuilder.registry.Attachment;
import io.contractbuilder.registry.FolderImages;
import io.contractbuilder.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the program's own container image; for {@code release/image}, which says how it is called.
 */
public final class ContainerImage {
  /** That the built-in watchdog is there for. */
  private static final Set<String> ARCHITECTURES = Set.of("amd64", "arm64");

  private ContainerImage() {}

  public static void main(String[] arguments) throws IOException {
    try {
      String answer =
          switch (arguments[0]) {
            case "pack" -> pack(List.of(arguments));
            case "bill" -> bill(arguments[1], Path.of(arguments[2]), arguments[3]);
            case "push" -> push(arguments[1], arguments[2], Path.of(arguments[3]));
            case "watchdogs" -> watchdogs(arguments[1], Path.of(arguments[2]));
            default -> throw new IllegalArgumentException("unknown: " + arguments[0]);
          };
      System.out.write((answer + "\n").getBytes(StandardCharsets.UTF_8));
      System.out.flush();
    } catch (PartFailure | InvalidInput e) {
      System.err.println("release/image: " + e.getMessage());
      System.exit(1);
    }
  }

  /** {@code pack CONFIG oci:LAYOUT:TAG FOLDER…}. */
  private static String pack(List<String> arguments) throws IOException {
    ObjectNode config = object(arguments.get(1));
    var folders = new ArrayList<Path>();
    arguments.subList(3, arguments.size()).forEach(folder -> folders.add(Path.of(folder)));
    return FolderImages.pack(config, folders, layout(arguments.get(2))).digest().value();
  }

  private static ObjectNode object(String file) throws IOException {
    if (Json.read(Files.readAllBytes(Path.of(file))) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException(file + " is no JSON object");
  }

  /** {@code bill MAVENS-BILL LAYERS DIGEST}. */
  private static String bill(String maven, Path layers, String digest) throws IOException {
    return Json.text(BillOfMaterials.of(object(maven), layers, new Digest(digest)));
  }

  /** {@code push oci:LAYOUT:TAG REGISTRY/REPOSITORY:TAG BILL}. */
  private static String push(String from, String to, Path bill) throws IOException {
    if (!(ImageReference.parse(to) instanceof InRegistry target) || target.digest() != null) {
      throw new IllegalArgumentException(to + " is no registry/repository:tag");
    }
    var attachment = new Attachment("application/vnd.cyclonedx+json", Files.readAllBytes(bill));
    try (Images images = images()) {
      return images.push(layout(from), target, attachment).value();
    }
  }

  /** {@code watchdogs IMAGE FOLDER}: copies an image's watchdogs to FOLDER. */
  private static String watchdogs(String image, Path folder) throws IOException {
    try (Images images = images()) {
      Watchdog watchdog = images.watchdog(image);
      var architectures = new TreeSet<>(watchdog.architectures());
      architectures.retainAll(ARCHITECTURES);
      for (String architecture : architectures) {
        Path binary = folder.resolve(architecture).resolve("fwatchdog");
        Files.createDirectories(folder.resolve(architecture));
        Files.write(binary, watchdog.binary(architecture));
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      Files.writeString(folder.resolve("version"), watchdog.version() + "\n");
      return watchdog.version() + " for " + String.join(", ", architectures);
    }
  }

  private static Images images() {
    Path home = Path.of(System.getProperty("contractbuilder.home", "dist")).toAbsolutePath();
    return Images.of(Settings.read(System.getenv(), home));
  }

  private static InLayout layout(String text) {
    if (ImageReference.parse(text) instanceof InLayout layout) {
      return layout;
    }
    throw new IllegalArgumentException(text + " is no oci:folder:tag");
  }
}
