package io.contractbuilder.registry;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ManifestDocument;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An image in a registry with mirrors: each is asked in its order, and the registry last. One that
 * lacks something is asked for the next thing; one that fails otherwise is not asked again.
 */
final class MirroredSource implements ImageSource {
  private static final int NOT_FOUND = 404;
  private final List<RegistrySource> places;
  private final RegistrySource last;

  /**
   * @param places at least one, the registry itself last
   */
  MirroredSource(List<RegistrySource> places) {
    this.places = new CopyOnWriteArrayList<>(places);
    this.last = places.getLast();
  }

  private <T> T first(Function<RegistrySource, T> reading) {
    List<RegistryException> failures = new ArrayList<>();
    for (RegistrySource place : List.copyOf(places)) {
      try {
        return reading.apply(place);
      } catch (RegistryException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        failures.add(e);
        if (e.status() != NOT_FOUND && place != last) {
          places.remove(place);
        }
      }
    }
    throw joined(failures);
  }

  /** The last failure, the registry's own as a rule, with what was tried before. */
  private static RegistryException joined(List<RegistryException> failures) {
    RegistryException own = failures.removeLast();
    StringBuilder answer = new StringBuilder(own.answer());
    for (RegistryException before : failures) {
      answer.append("; before that, ").append(before.part()).append(": ").append(before.answer());
    }
    return new RegistryException(
        own.part(),
        own.operation(),
        own.status(),
        answer.toString(),
        own.remedy(),
        own.retryHelps(),
        own);
  }

  private void each(Consumer<RegistrySource> reading) {
    first(
        place -> {
          reading.accept(place);
          return true;
        });
  }

  @Override
  public ManifestDocument top() {
    return first(RegistrySource::top);
  }

  @Override
  public ManifestDocument manifest(Descriptor descriptor) {
    return first(place -> place.manifest(descriptor));
  }

  @Override
  public byte[] config(Descriptor descriptor) {
    return first(place -> place.config(descriptor));
  }

  @Override
  public String part() {
    return places.stream().map(RegistrySource::part).collect(Collectors.joining(" or "));
  }

  @Override
  public Digest resolve() {
    return first(RegistrySource::resolve);
  }

  @Override
  public @Nullable String repositoryAt(String origin) {
    return places.getFirst().repositoryAt(origin);
  }

  @Override
  public boolean mustProve() {
    return places.getFirst().mustProve();
  }

  @Override
  public void prove(Descriptor blob, Stored stored) {
    each(place -> place.prove(blob, stored));
  }

  @Override
  public void abort(Thread thread) {
    places.forEach(place -> place.abort(thread));
  }

  @Override
  public InputStream blob(Descriptor blob) {
    return new FirstReadable(blob);
  }

  /** A blob from the first place that begins to give it. */
  private final class FirstReadable extends InputStream {
    private final Descriptor blob;
    private @Nullable BlobStream in;

    FirstReadable(Descriptor blob) {
      this.blob = blob;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      BlobStream begun = in;
      return begun == null
          ? first(place -> begin(place, into, from, length))
          : begun.read(into, from, length);
    }

    private int begin(RegistrySource place, byte[] into, int from, int length) {
      BlobStream stream = place.blob(blob);
      try {
        int count = stream.read(into, from, length);
        in = stream;
        return count;
      } catch (RegistryException e) {
        stream.close();
        throw e;
      }
    }

    @Override
    public void close() {
      if (in != null) {
        in.close();
      }
    }
  }
}
