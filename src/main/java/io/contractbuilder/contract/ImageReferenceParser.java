package io.contractbuilder.contract;

import io.contractbuilder.contract.ImageReference.InArchive;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.contract.ImageReference.InRegistry;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads image references; the grammar of registries' is that of {@code distribution/reference}. */
final class ImageReferenceParser {
  private static final String ALLOWED =
      "[registry[:port]/]repository[:tag][@sha256:…] in lower case, oci:folder[:tag] or"
          + " docker-archive:file[:tag]";
  private static final int MAX_REPOSITORY = 255;

  /** Of a name with its port (RFC 1035, section 2.3.4): the patterns below recurse by label. */
  private static final int MAX_HOST = 253 + 6;

  private static final int MAX_PORT = 65_535;
  private static final int IPV6_GROUPS = 8;
  private static final Pattern IPV6_GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final Pattern HOST =
      Pattern.compile(
          "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[([0-9a-fA-F:]+)])(?::([0-9]{1,5}))?");

  /** What Docker takes for an image's id, never for a name. */
  private static final Pattern IDENTIFIER = Pattern.compile("[0-9a-f]{64}");

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
    String rest = text;
    @Nullable Digest digest = null;
    // A folder's name may hold an @ too; only the last one, after the last slash, can part a
    // digest.
    int at = rest.lastIndexOf('@');
    if (at > rest.lastIndexOf('/')) {
      digest = digest(rest.substring(at + 1));
      rest = rest.substring(0, at);
    }
    int colon = tagColon(rest);
    return colon < 0
        ? new InLayout(path(rest), null, digest)
        : new InLayout(path(rest.substring(0, colon)), tag(rest.substring(colon + 1)), digest);
  }

  private static ImageReference archive(String text) {
    // The tag of an archive is a whole reference (name:tag), so the first colon parts it.
    int colon = text.indexOf(':');
    return colon < 0
        ? new InArchive(path(text), null)
        : new InArchive(path(text.substring(0, colon)), nonEmpty(text.substring(colon + 1)));
  }

  private static ImageReference registry(String text) {
    if (IDENTIFIER.matcher(text).matches()) {
      throw new IllegalArgumentException(ALLOWED);
    }
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
    // As Docker tells a registry from a user's name; but for Uppercase/repo, which it takes for a
    // registry and its own tests call a mistake: here it is a name that is not in lower case.
    boolean hasHost = first.contains(".") || first.contains(":") || first.equals("localhost");
    // DNS knows no case; one spelling keeps rules and credentials for a host from being walked
    // around.
    String host = hasHost ? first.toLowerCase(Locale.ROOT) : "docker.io";
    String repository = hasHost ? rest.substring(slash + 1) : rest;
    if (host.equals("index.docker.io")) {
      host = "docker.io";
    }
    if (host.equals("docker.io") && !repository.contains("/")) {
      repository = "library/" + repository;
    }
    if (!isHost(host)
        || repository.length() > MAX_REPOSITORY
        || !REPOSITORY.matcher(repository).matches()) {
      throw new IllegalArgumentException(ALLOWED);
    }
    return new InRegistry(
        host, repository, tag == null && digest == null ? "latest" : tag, digest, text);
  }

  private static boolean isHost(String text) {
    if (text.length() > MAX_HOST) {
      return false;
    }
    Matcher host = HOST.matcher(text);
    return host.matches()
        && (host.group(1) == null || isIpv6(host.group(1)))
        && (host.group(2) == null || isPort(Integer.parseInt(host.group(2))));
  }

  private static boolean isPort(int port) {
    return port >= 1 && port <= MAX_PORT;
  }

  /** An address of RFC 4291, section 2.2, forms 1 and 2, by its letters alone. */
  private static boolean isIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text) == IPV6_GROUPS;
    }
    return text.indexOf("::", gap + 1) < 0
        && groups(text.substring(0, gap)) + groups(text.substring(gap + 2)) < IPV6_GROUPS;
  }

  /** How many groups of an IPv6 address these are; more than it has if one is malformed. */
  private static int groups(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] groups = text.split(":", -1);
    boolean wellFormed = Arrays.stream(groups).allMatch(g -> IPV6_GROUP.matcher(g).matches());
    return wellFormed ? groups.length : IPV6_GROUPS + 1;
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
    String given = nonEmpty(text);
    try {
      return Path.of(given);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(ALLOWED, e);
    }
  }

  private static String nonEmpty(String text) {
    if (text.isEmpty() || text.indexOf(0) >= 0) {
      throw new IllegalArgumentException(ALLOWED);
    }
    return text;
  }
}
