package io.contractbuilder.contract;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where an image is: in a registry, in an OCI image layout folder, or in a docker archive. */
public sealed interface ImageReference {

  /**
   * Reads {@code [registry/]repository[:tag][@digest]} as Docker does, {@code
   * oci:dir[:tag][@digest]} or {@code docker-archive:file[:tag]}.
   *
   * @throws IllegalArgumentException with what is allowed
   */
  static ImageReference parse(String text) {
    return ImageReferenceParser.parse(text);
  }

  /** The tag; null if there is none. */
  @Nullable String tag();

  /** The digest; null if there is none. It wins over a tag. */
  @Nullable Digest digest();

  /** As it was given: a short name stays one. */
  default String written() {
    return toString();
  }

  /**
   * An image in a registry.
   *
   * @param host host with port, in lower case ({@code docker.io} for short names)
   * @param repository with {@code library/} where Docker adds it
   * @param tag {@code latest} where neither a tag nor a digest was given
   * @param written as whoever named it did; no part of what it is
   */
  record InRegistry(
      String host, String repository, @Nullable String tag, @Nullable Digest digest, String written)
      implements ImageReference {
    /** One that nobody wrote. */
    public InRegistry(
        String host, String repository, @Nullable String tag, @Nullable Digest digest) {
      this(host, repository, tag, digest, text(host, repository, tag, digest));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof InRegistry it && it.toString().equals(toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }

    @Override
    public String toString() {
      return text(host, repository, tag, digest);
    }

    private static String text(
        String host, String repository, @Nullable String tag, @Nullable Digest digest) {
      return host
          + "/"
          + repository
          + (tag == null ? "" : ":" + tag)
          + (digest == null ? "" : "@" + digest);
    }
  }

  /** An image in an OCI image layout folder (OCI image specification, "Image Layout"). */
  record InLayout(Path folder, @Nullable String tag, @Nullable Digest digest)
      implements ImageReference {
    @Override
    public String toString() {
      return "oci:"
          + folder
          + (tag == null ? "" : ":" + tag)
          + (digest == null ? "" : "@" + digest);
    }
  }

  /** An image in a tar file as {@code docker save} writes it. */
  record InArchive(Path file, @Nullable String tag) implements ImageReference {
    @Override
    public @Nullable Digest digest() {
      return null;
    }

    @Override
    public String toString() {
      return "docker-archive:" + file + (tag == null ? "" : ":" + tag);
    }
  }
}
