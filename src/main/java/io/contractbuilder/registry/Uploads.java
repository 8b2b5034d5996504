package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One repository, written (OCI distribution specification, "Push"). */
final class Uploads {
  private static final int ERROR_BODY = 1 << 20;
  private final Repository repository;
  private final Requests requests;
  private final Failures failures;
  private final AtomicReference<@Nullable EarlySession> early = new AtomicReference<>();

  Uploads(Repository repository) {
    this.repository = repository;
    this.requests = repository.requests();
    this.failures = requests.failures();
  }

  /** How the registry took a manifest. */
  sealed interface Answer {
    /** It is there. */
    record Stored() implements Answer {}

    /**
     * It was refused, as blobs are missing.
     *
     * @param digests empty where the registry does not name them
     */
    record Missing(Set<String> digests) implements Answer {}
  }

  /**
   * Begins a session for a blob that is not known yet.
   *
   * @param abort cuts off what a thread waits for
   */
  void beginEarly(Consumer<Thread> abort) {
    String operation = "beginning an upload to " + repository.name();
    early.set(
        new EarlySession(
            () -> Objects.requireNonNull(begin(operation, repository.uri("blobs/uploads/"), null)),
            abort));
  }

  /** Gives the session back that {@link #beginEarly} began and nothing has used. */
  void cancelEarly() {
    EarlySession unused = early.getAndSet(null);
    URI session = unused == null ? null : unused.cut();
    if (session != null) {
      String operation = "cancelling an upload to " + repository.name();
      try {
        requests.send(operation, "DELETE", session, scope(null), r -> {}, Exchange::status);
      } catch (RegistryException e) {
        // The registry removes it in time; what matters is why the image does not come.
        return;
      }
    }
  }

  /** Where to put a blob's bytes; null if the blob is there already, mounted. */
  @Nullable URI begin(Digest digest, @Nullable String from) {
    EarlySession begun = from == null ? early.getAndSet(null) : null;
    URI session = begun == null ? null : begun.take();
    if (session == null) {
      session = beginNow(digest, from);
    }
    return session == null ? null : withDigest(session, digest);
  }

  private @Nullable URI beginNow(Digest digest, @Nullable String from) {
    String operation = "beginning the upload of " + digest + " to " + repository.name();
    URI uri = repository.uri("blobs/uploads/");
    if (from != null) {
      String mount = "mount=" + digest.value().replace(":", "%3A") + "&from=" + from;
      uri = URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + mount);
    }
    return begin(operation, uri, from);
  }

  private @Nullable URI begin(String operation, URI begun, @Nullable String from) {
    String session =
        requests.send(
            operation,
            "POST",
            begun,
            scope(from),
            request -> request.body(new byte[0], null),
            exchange ->
                switch (exchange.status()) {
                  case 201 -> mounted(operation, from);
                  case 202 -> session(operation, begun, exchange.header("Location")).toString();
                  default -> throw failures.of(operation, exchange);
                });
    return session.isEmpty() ? null : URI.create(session);
  }

  private String mounted(String operation, @Nullable String from) {
    if (from == null) {
      throw failures.lied(operation, "201, though it was not given anything yet");
    }
    return "";
  }

  private String scope(@Nullable String from) {
    return repository.scope("pull,push") + (from == null ? "" : " repository:" + from + ":pull");
  }

  /** The session must be where it was begun: the blob and the credentials go there. */
  private URI session(String operation, URI begun, @Nullable String location) {
    URI uri = WebAddress.read(begun, location);
    if (uri == null) {
      throw failures.lied(operation, "an upload session at a malformed address");
    }
    if (!WebAddress.origin(uri).equals(WebAddress.origin(begun))) {
      throw failures.lied(operation, "an upload session on another host");
    }
    return uri;
  }

  private static URI withDigest(URI session, Digest digest) {
    String text = session.toString();
    return URI.create(
        text + (text.contains("?") ? "&" : "?") + "digest=" + digest.value().replace(":", "%3A"));
  }

  /**
   * Brings a blob there.
   *
   * @param from a repository of the same registry that may have it
   * @return whether bytes were moved
   */
  boolean put(Descriptor blob, @Nullable String from, BlobContent content, UploadBody.Sent sent) {
    String operation = "uploading " + blob.digest() + " to " + repository.name();
    for (int attempt = 1; ; attempt++) {
      URI session = begin(blob.digest(), attempt == 1 ? from : null);
      if (session == null) {
        return false;
      }
      @Nullable UploadBody body = null;
      try (InputStream in = content.open()) {
        body = new UploadBody(in, blob.size(), sent);
        requests.upload(
            operation,
            session,
            scope(attempt == 1 ? from : null),
            body,
            e -> stored(operation, blob, content.giver(), e));
        return true;
      } catch (IOException e) {
        if (!Failures.isPassing(e) || attempt >= Requests.ATTEMPTS) {
          throw failures.of(operation, e);
        }
      } catch (RegistryException e) {
        // The source has been tried several times already.
        boolean ours = body != null && !body.sourceFailed();
        if (!ours || !Failures.isPassing(e.status()) || attempt >= Requests.ATTEMPTS) {
          throw e;
        }
      }
      requests.pause(operation, attempt, java.time.Duration.ZERO);
    }
  }

  private boolean stored(
      String operation, Descriptor blob, @Nullable String giver, Exchange exchange)
      throws IOException {
    if (exchange.status() != 201) {
      RegistryException refused = failures.of(operation, exchange);
      if (giver != null && refused.answer().contains("DIGEST_INVALID")) {
        throw new RegistryException(
            giver,
            operation,
            exchange.status(),
            "the bytes that came are not those of the digest",
            "The image's registry is broken or hostile: nothing was tagged",
            false,
            null);
      }
      throw refused;
    }
    check(operation, blob.digest(), exchange);
    return true;
  }

  private void check(String operation, Digest digest, Exchange exchange) throws IOException {
    String said = exchange.header("Docker-Content-Digest");
    if (said != null && !said.equals(digest.value())) {
      throw failures.lied(operation, "stored under another digest");
    }
    // Read to its end, it gives its connection back.
    exchange.body(ERROR_BODY);
  }

  /**
   * Puts a manifest whose blobs are there.
   *
   * @param name a tag or its digest
   */
  void stored(String name, Descriptor manifest, byte[] bytes) {
    expectStored(manifest(name, manifest.mediaType(), bytes, manifest.digest()), name);
  }

  /**
   * Where all blobs were delivered.
   *
   * @throws RegistryException if the registry misses one all the same
   */
  void expectStored(Answer answer, String name) {
    if (answer instanceof Answer.Missing) {
      throw new RegistryException(
          "registry " + repository.host(),
          "storing the manifest " + name + " of " + repository.name(),
          400,
          "it misses blobs that it has just taken",
          "Check its storage, and that nothing collects garbage there meanwhile",
          true,
          null);
    }
  }

  /** Puts a manifest under a tag or its digest. */
  Answer manifest(String name, String mediaType, byte[] bytes, Digest digest) {
    String operation = "storing the manifest " + name + " of " + repository.name();
    return requests.send(
        operation,
        "PUT",
        repository.uri("manifests/" + name),
        repository.scope("pull,push"),
        request -> request.body(bytes, mediaType),
        exchange -> {
          switch (exchange.status()) {
            case 200, 201, 202 -> {
              check(operation, digest, exchange);
              return new Answer.Stored();
            }
            case 400, 404 -> {
              return refused(operation, exchange);
            }
            default -> throw failures.of(operation, exchange);
          }
        });
  }

  /** Both registries of the reference implementation name each blob in an error of its own. */
  private Answer refused(String operation, Exchange exchange) throws IOException {
    Set<String> digests = new LinkedHashSet<>();
    boolean unknown = false;
    String first = "";
    try {
      for (JsonNode error : Json.read(exchange.body(ERROR_BODY)).path("errors")) {
        String code = error.path("code").asText("");
        first = first.isEmpty() ? code + ": " + error.path("message").asText("") : first;
        if (code.equals("MANIFEST_BLOB_UNKNOWN") || code.equals("BLOB_UNKNOWN")) {
          unknown = true;
          JsonNode detail = error.path("detail");
          digests.add(detail.isTextual() ? detail.asText() : detail.path("digest").asText(""));
        }
      }
    } catch (MalformedJson e) {
      unknown = false;
    }
    if (unknown) {
      digests.remove("");
      return new Answer.Missing(digests);
    }
    throw new RegistryException(
        "registry " + repository.host(),
        operation,
        exchange.status(),
        exchange.status() + (first.isEmpty() ? "" : " (" + Failures.readable(first) + ")"),
        "Look at the registry's log",
        false,
        null);
  }
}
