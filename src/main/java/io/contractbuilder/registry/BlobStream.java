package io.contractbuilder.registry;

import io.contractbuilder.image.Descriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A blob's bytes from a registry, through redirects and broken connections. */
final class BlobStream extends InputStream {
  private static final int MAX_REDIRECTS = 5;
  private final Descriptor blob;
  private final long end;
  private final Repository repository;
  private final Failures failures;
  private final String operation;
  private @Nullable Exchange exchange;
  private @Nullable InputStream in;
  private long at;
  private int broken;

  BlobStream(Descriptor blob, Repository repository) {
    this(blob, repository, 0, blob.size());
  }

  /** Some of a blob's bytes. */
  BlobStream(Descriptor blob, Repository repository, long from, long end) {
    this.blob = blob;
    this.at = from;
    this.end = end;
    this.repository = repository;
    this.failures = repository.requests().failures();
    this.operation = "reading the blob " + blob.digest() + " of " + repository.name();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) {
    while (true) {
      try {
        return readOnce(into, from, length);
      } catch (IOException e) {
        boolean late = exchange != null && exchange.timedOut();
        close();
        if (late || e instanceof InterruptedIOException || ++broken >= Requests.ATTEMPTS) {
          throw failures.of(operation, late ? new java.net.SocketTimeoutException("stalled") : e);
        }
        repository.requests().pause(operation, broken, Duration.ZERO);
      }
    }
  }

  private int readOnce(byte[] into, int from, int length) throws IOException {
    InputStream stream = in == null ? open() : in;
    if (at == end && end < blob.size()) {
      return -1;
    }
    int count = stream.read(into, from, (int) Math.min(length, Math.max(end - at, 1)));
    if (count < 0 && at < end) {
      throw new EOFException("it ended after " + at + " of " + blob.size() + " bytes");
    }
    at += Math.max(count, 0);
    // Read to its end, a body gives its connection back.
    boolean more = at == end && end == blob.size() && count > 0 && stream.read() >= 0;
    if (at > end || more) {
      throw failures.lied(operation, "more than the " + blob.size() + " bytes declared");
    }
    return count;
  }

  private InputStream open() throws IOException {
    Exchange answer = follow(repository.uri("blobs/" + blob.digest()));
    exchange = answer;
    boolean resumed = answer.status() == 206;
    String range = answer.header("Content-Range");
    if (resumed && (range == null || !range.startsWith("bytes " + at + "-"))) {
      throw failures.lied(operation, "another range than asked for");
    }
    long whole = answer.length() < 0 ? -1 : answer.length() + (resumed ? at : 0);
    if (whole >= 0 && whole != (resumed ? end : blob.size())) {
      throw failures.lied(operation, whole + " bytes, where the manifest says " + blob.size());
    }
    InputStream stream = answer.stream();
    if (!resumed && at > 0) {
      stream.skipNBytes(at);
    }
    in = stream;
    return stream;
  }

  /** Redirects: of blobs only, without the credentials across origins, never out of TLS. */
  private Exchange follow(URI first) {
    URI uri = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      Exchange answer = get(uri, WebAddress.origin(uri).equals(WebAddress.origin(first)));
      switch (answer.status()) {
        case 200, 206 -> {
          return answer;
        }
        case 301, 302, 303, 307, 308 -> {
          try (answer) {
            uri = target(uri, answer.header("Location"));
          }
        }
        default -> {
          try (answer) {
            throw failures.of(operation, answer);
          }
        }
      }
    }
    throw failures.lied(operation, "more than " + MAX_REDIRECTS + " redirects");
  }

  private Exchange get(URI uri, boolean sameOrigin) {
    return repository
        .requests()
        .send(
            operation,
            "GET",
            uri,
            sameOrigin ? repository.scope("pull") : null,
            request -> {
              if (end < blob.size()) {
                request.setHeader("Range", "bytes=" + at + "-" + (end - 1));
              } else if (at > 0) {
                request.setHeader("Range", "bytes=" + at + "-");
              }
            },
            answer -> answer);
  }

  private URI target(URI from, @Nullable String location) {
    URI to = WebAddress.read(from, location);
    if (to == null) {
      throw failures.lied(operation, "a redirect to a malformed address");
    }
    if (leavesTls(from, to)) {
      throw failures.lied(operation, "a redirect out of TLS");
    }
    return to;
  }

  static boolean leavesTls(URI from, URI to) {
    return WebAddress.isHttps(from) && !WebAddress.isHttps(to);
  }

  @Override
  public void close() {
    in = null;
    if (exchange != null) {
      exchange.close();
      exchange = null;
    }
  }
}
