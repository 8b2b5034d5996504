package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ManifestDocument;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One repository, read (OCI distribution specification, "Pull", and "Content Management"). */
final class Repository {
  private static final int TAGS = 1000;
  private static final int TAGS_BYTES = 8 << 20;
  private static final int MAX_TAGS = 100_000;
  private static final int MAX_PAGES = 1000;

  /** OCI distribution specification, "Pulling manifests". */
  private static final String TAG = "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}";

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

  /**
   * All its tags, at most 100,000 on 1000 pages; none where there is no such repository.
   *
   * @throws RegistryException also if there are more
   */
  Set<String> tags() {
    Set<String> tags = new LinkedHashSet<>();
    String last = "";
    for (int pages = 0; last != null; pages++) {
      if (pages == MAX_PAGES || tags.size() > MAX_TAGS) {
        throw failures.lied(
            "listing the tags of " + name,
            "more after " + pages + " pages with " + tags.size() + " tags");
      }
      last = tags(last, tags);
    }
    return tags;
  }

  /**
   * A page of them.
   *
   * @return the last, if there are more; else null. Where to go on is said by us, and not by a link
   *     that leads anywhere
   */
  private @Nullable String tags(String after, Set<String> tags) {
    String operation = "listing the tags of " + name;
    String from = after.isEmpty() ? "" : "&last=" + after;
    return requests
        .send(
            operation,
            "GET",
            uri("tags/list?n=" + TAGS + from),
            scope("pull"),
            request -> {},
            exchange ->
                switch (exchange.status()) {
                  case 200 -> Optional.ofNullable(read(operation, exchange, tags));
                  case 404 -> Optional.<String>empty();
                  default -> throw failures.of(operation, exchange);
                })
        .orElse(null);
  }

  private @Nullable String read(String operation, Exchange exchange, Set<String> tags)
      throws IOException {
    String last = null;
    boolean more = false;
    JsonNode list;
    try {
      list = Json.read(exchange.body(TAGS_BYTES)).path("tags");
    } catch (MalformedJson e) {
      throw failures.lied(operation, "something else than JSON");
    }
    Pattern form = Pattern.compile(TAG);
    for (JsonNode tag : list) {
      last = tag.asText();
      if (!form.matcher(last).matches()) {
        throw failures.lied(operation, "a tag that is none");
      }
      more |= tags.add(last);
    }
    return more && exchange.header("Link") != null ? last : null;
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

  /**
   * Whether the registry itself lists what refers to a manifest (OCI distribution specification,
   * "Listing Referrers"); else whoever writes such a thing keeps the list.
   */
  boolean listsReferrers(Digest digest) {
    String operation = "listing what refers to " + digest + " of " + name;
    return requests.send(
        operation,
        "GET",
        uri("referrers/" + digest),
        scope("pull"),
        request -> request.setHeader("Accept", MediaTypes.OCI_INDEX),
        exchange ->
            switch (exchange.status()) {
              case 200 -> true;
              case 400, 404, 405 -> false;
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
    int status =
        requests.send(
            operation,
            "DELETE",
            uri("manifests/" + digest),
            scope("pull,delete"),
            request -> {},
            exchange ->
                switch (exchange.status()) {
                  case 200, 202, 204, 404, 405 -> exchange.status();
                  default -> throw failures.of(operation, exchange);
                });
    // The specification has 202; another yes may be that of what stands before the registry.
    if (status != 200 && status != 204) {
      return status;
    }
    if (exists("manifests", digest)) {
      throw failures.notDone(operation, status + ", and it is still there");
    }
    return 202;
  }
}
