package io.contractbuilder.contract;

import io.contractbuilder.contract.ImageReference.InArchive;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.contract.ImageReference.InRegistry;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads image references; the grammar of registries' is that of {@code distribution/reference}. */
final class ImageReferenceParser {
  private static final String ALLOWED =
      "[registry[:port]/]repository[:tag][@sha256:…] in lower case, oci:folder[:tag] or"
          + " docker-archive:file[:tag]";
  private static final int MAX_REPOSITORY = 255;
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
              + "|\\[[0-9a-fA-F:.]+])(?::[0-9]{1,5})?");
  private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern REPOSITORY = Pattern.compile(PART + "(?:/" + PART + ")*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  private ImageReferenceParser() {}

  static ImageReference parse(String text) {
    if (text.startsWith("oci:")) {
      return layout(text.substring("oci:".length()));
    }
    if (text.startsWith("docker-archive:")) {
      return archive(text.substring("docker-archive:".length()));
    }
    return registry(text);
  }

  private static ImageReference layout(String text) {
    int at = text.indexOf('@');
    if (at >= 0) {
      return new InLayout(path(text.substring(0, at)), null, digest(text.substring(at + 1)));
    }
    int colon = tagColon(text);
    return colon < 0
        ? new InLayout(path(text), null, null)
        : new InLayout(path(text.substring(0, colon)), tag(text.substring(colon + 1)), null);
  }

  private static ImageReference archive(String text) {
    // The tag of an archive is a whole reference (name:tag), so the first colon parts it.
    int colon = text.indexOf(':');
    return colon < 0
        ? new InArchive(path(text), null)
        : new InArchive(path(text.substring(0, colon)), nonEmpty(text.substring(colon + 1)));
  }

  private static ImageReference registry(String text) {
    String rest = text;
    @Nullable Digest digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = digest(rest.substring(at + 1));
      rest = rest.substring(0, at);
    }
    @Nullable String tag = null;
    int colon = tagColon(rest);
    if (colon >= 0) {
      tag = tag(rest.substring(colon + 1));
      rest = rest.substring(0, colon);
    }
    int slash = rest.indexOf('/');
    String first = slash < 0 ? "" : rest.substring(0, slash);
    // As Docker tells a registry from a user's name: a dot, a colon or "localhost".
    boolean hasHost =
        first.contains(".") || first.contains(":") || first.equals("localhost") || isUpper(first);
    String host = hasHost ? first : "docker.io";
    String repository = hasHost ? rest.substring(slash + 1) : rest;
    if (host.equals("index.docker.io")) {
      host = "docker.io";
    }
    if (host.equals("docker.io") && !repository.contains("/")) {
      repository = "library/" + repository;
    }
    if (!HOST.matcher(host).matches()
        || repository.length() > MAX_REPOSITORY
        || !REPOSITORY.matcher(repository).matches()) {
      throw new IllegalArgumentException(ALLOWED);
    }
    return new InRegistry(host, repository, tag == null && digest == null ? "latest" : tag, digest);
  }

  private static boolean isUpper(String text) {
    return text.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
  }

  /** The colon that begins a tag: the last one, if no slash comes after it; -1 if there is none. */
  private static int tagColon(String text) {
    int colon = text.lastIndexOf(':');
    return colon > text.lastIndexOf('/') ? colon : -1;
  }

  private static String tag(String text) {
    if (!TAG.matcher(text).matches()) {
      throw new IllegalArgumentException(ALLOWED);
    }
    return text;
  }

  private static Digest digest(String text) {
    if (!Digest.isValid(text)) {
      throw new IllegalArgumentException(ALLOWED);
    }
    return new Digest(text);
  }

  private static Path path(String text) {
    return Path.of(nonEmpty(text));
  }

  private static String nonEmpty(String text) {
    if (text.isEmpty() || text.indexOf(0) >= 0) {
      throw new IllegalArgumentException(ALLOWED);
    }
    return text;
  }
}
