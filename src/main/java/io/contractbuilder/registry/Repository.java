package io.contractbuilder.registry;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ManifestDocument;
import io.contractbuilder.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** One repository, read (OCI distribution specification, "Pull", and "Content Management"). */
final class Repository {
  private final Endpoint endpoint;
  private final String host;
  private final String name;
  private final Requests requests;
  private final Failures failures;

  /**
   * @param endpoint where it is asked
   * @param host as in references
   */
  Repository(Endpoint endpoint, String host, String name, Requests requests) {
    this.endpoint = endpoint;
    this.host = host;
    this.name = name;
    this.requests = requests;
    this.failures = requests.failures();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Scheme, host and port. */
  String origin() {
    return endpoint.base().getScheme() + "://" + endpoint.authority();
  }

  String host() {
    return host;
  }

  String name() {
    return name;
  }

  Requests requests() {
    return requests;
  }

  URI uri(String rest) {
    return URI.create(endpoint.base() + "/" + name + "/" + rest + endpoint.query());
  }

  String scope(String actions) {
    return "repository:" + name + ":" + actions;
  }

  /**
   * A manifest or index.
   *
   * @param expected null: whatever the tag names now
   */
  ManifestDocument manifest(String tagOrDigest, @Nullable Digest expected, String image) {
    String operation = "reading the manifest " + tagOrDigest + " of " + name;
    return requests.send(
        operation,
        "GET",
        uri("manifests/" + tagOrDigest),
        scope("pull"),
        request -> request.setHeader("Accept", MediaTypes.ACCEPTED),
        exchange -> {
          if (exchange.status() != 200) {
            throw failures.of(operation, exchange);
          }
          byte[] bytes = exchange.body(ImageLimits.MANIFEST_BYTES);
          Digest digest = Digest.of(bytes);
          String said = exchange.header("Docker-Content-Digest");
          boolean contradicts =
              said != null && Digest.isValid(said) && !said.equals(digest.value());
          if (contradicts || (expected != null && !digest.equals(expected))) {
            throw failures.lied(operation, "a manifest whose digest is " + digest);
          }
          return ManifestDocument.read(image, exchange.header("Content-Type"), bytes);
        });
  }

  /** The digest that a tag names now; null if the registry does not say it to a HEAD. */
  @Nullable Digest head(String tagOrDigest) {
    String operation = "asking for the manifest " + tagOrDigest + " of " + name;
    String said =
        requests.send(
            operation,
            "HEAD",
            uri("manifests/" + tagOrDigest),
            scope("pull"),
            request -> request.setHeader("Accept", MediaTypes.ACCEPTED),
            exchange -> {
              if (exchange.status() != 200) {
                throw failures.of(operation, exchange);
              }
              String header = exchange.header("Docker-Content-Digest");
              return header == null ? "" : header;
            });
    return Digest.isValid(said) ? new Digest(said) : null;
  }

  /** Whether something is there. */
  boolean exists(String kind, Digest digest) {
    String operation = "asking for " + kind + " " + digest + " of " + name;
    return requests.send(
        operation,
        "HEAD",
        uri(kind + "/" + digest),
        scope("pull"),
        request -> request.setHeader("Accept", MediaTypes.ACCEPTED + ", */*"),
        exchange ->
            switch (exchange.status()) {
              case 200 -> true;
              case 404 -> false;
              default -> throw failures.of(operation, exchange);
            });
  }

  /** A small blob, whole and checked. */
  byte[] small(Descriptor blob, int limit) throws IOException {
    if (blob.size() > limit) {
      throw failures.lied("reading " + blob.digest(), "declared with " + blob.size() + " bytes");
    }
    try (InputStream in = blob(blob)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (!Digest.of(bytes).equals(blob.digest())) {
        throw failures.lied("reading " + blob.digest(), "bytes of another digest");
      }
      return bytes;
    }
  }

  /**
   * A blob's bytes: exactly as many as declared, asked for again from where they broke off. Their
   * digest is not checked. Reading throws {@link RegistryException}.
   */
  BlobStream blob(Descriptor blob) {
    return new BlobStream(blob, this);
  }

  /** Some of a blob's bytes. */
  byte[] range(Descriptor blob, long from, int length) throws IOException {
    try (InputStream in = new BlobStream(blob, this, from, from + length)) {
      return in.readNBytes(length);
    }
  }

  /**
   * Removes a manifest.
   *
   * @return the status: 202, 404 or 405
   */
  int delete(Digest digest) {
    String operation = "deleting the manifest " + digest + " of " + name;
    return requests.send(
        operation,
        "DELETE",
        uri("manifests/" + digest),
        scope("pull,delete"),
        request -> {},
        exchange ->
            switch (exchange.status()) {
              case 200, 202, 204 -> 202;
              case 404, 405 -> exchange.status();
              default -> throw failures.of(operation, exchange);
            });
  }
}
