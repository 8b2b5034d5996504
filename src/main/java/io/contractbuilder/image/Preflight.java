package io.contractbuilder.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.image.ImageFiles.Entry;
import io.contractbuilder.image.ImageFiles.Found;
import io.contractbuilder.image.ImageFiles.Kind;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would keep a function from starting in an image, seen before anything is pushed. */
public final class Preflight {
  /** Where the image says none, containerd's. */
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final String image;
  private final JsonNode config;
  private final @Nullable ImageFiles files;

  private Preflight(String image, JsonNode config, @Nullable ImageFiles files) {
    this.image = image;
    this.config = config;
    this.files = files;
  }

  /**
   * Looks at one platform's image.
   *
   * @param config its configuration
   * @param files null: its layers were not read; then little can be said
   * @param command null: not known
   * @return warnings
   * @throws ImageException if the command is not there or cannot be run
   */
  public static List<String> check(
      String image, byte[] config, @Nullable ImageFiles files, @Nullable ImageCommand command) {
    try {
      var preflight = new Preflight(image, Json.read(config).path("config"), files);
      if (files != null && command != null) {
        preflight.requireCommand(files, command);
      }
      return preflight.warnings();
    } catch (MalformedJson e) {
      throw new IllegalStateException("it has been read before", e);
    }
  }

  private String workingFolder() {
    String folder = config.path("WorkingDir").asText("");
    return folder.startsWith("/") ? folder : "/" + folder;
  }

  private List<String> warnings() {
    String folder = workingFolder();
    if (files == null) {
      return folder.equals("/root") || folder.startsWith("/root/")
          ? List.of(warning(folder, "if /root is closed to others than root, as in most images"))
          : List.of();
    }
    return switch (files.find(folder)) {
      case Found.Closed closed -> List.of(warning(folder, closed.folder() + " is closed to it"));
      case Found.At at when at.entry().kind() == Kind.DIRECTORY && !at.entry().opensToFunctions() ->
          List.of(warning(folder, "it is closed to it"));
      // A runtime makes the folder where it is missing.
      case Found.At at -> List.of();
      case Found.Nothing nothing -> List.of();
    };
  }

  private static String warning(String folder, String why) {
    return "WORKDIR "
        + folder
        + " cannot be entered by user 1000, as whom functions run: "
        + why
        + ". The function would not start: choose another WORKDIR, or chmod it";
  }

  private void requireCommand(ImageFiles known, ImageCommand command) {
    String program = command.program();
    List<Found> found = new ArrayList<>();
    for (String place : places(command)) {
      Found at = known.find(place);
      if (at instanceof Found.At(Entry entry)
          && entry.kind() == Kind.FILE
          && entry.opensToFunctions()) {
        return;
      }
      found.add(at);
    }
    boolean there = found.stream().anyMatch(at -> !(at instanceof Found.Nothing));
    throw new ImageException(
        image,
        "looking for the command '" + shown(program) + "' in it",
        there ? "user 1000, as whom functions run, cannot run it" : "it is not there",
        there
            ? "Make it a file that all may read and run (chmod 755), in folders that all may enter"
            : "Name a program of the image, with its whole path or as its PATH finds it");
  }

  private List<String> places(ImageCommand command) {
    String program = command.program();
    if (program.startsWith("/")) {
      return List.of(program);
    }
    if (program.contains("/")) {
      return List.of(workingFolder() + "/" + program);
    }
    List<String> places = new ArrayList<>();
    for (String folder : path(command).split(":", -1)) {
      String from = folder.startsWith("/") ? folder : workingFolder() + "/" + folder;
      places.add(from + "/" + program);
    }
    return places;
  }

  private String path(ImageCommand command) {
    String own = command.path();
    if (own != null) {
      return own;
    }
    for (JsonNode variable : config.path("Env")) {
      if (variable.asText().startsWith("PATH=")) {
        return variable.asText().substring("PATH=".length());
      }
    }
    return PATH;
  }

  private static String shown(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 80 ? plain.substring(0, 80) + "…" : plain;
  }
}
