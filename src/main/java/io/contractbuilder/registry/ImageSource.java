package io.contractbuilder.registry;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageFiles;
import io.contractbuilder.image.ManifestDocument;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Where one image is read from. Failures are {@link RegistryException}. */
interface ImageSource {
  /** The manifest or index that the reference names, checked where a digest names it. */
  ManifestDocument top();

  /** A manifest that an index names, checked. */
  ManifestDocument manifest(Descriptor descriptor);

  /** The configuration, whole and checked. */
  byte[] config(Descriptor descriptor);

  /** A blob's bytes, exactly as many as declared; whether they are the digest's is not checked. */
  InputStream blob(Descriptor blob) throws IOException;

  /** Whose fault wrong bytes are, as failures name it. */
  String part();

  /** The digest that the reference names now; moves as little as can be. */
  default Digest resolve() {
    return top().digest();
  }

  /** What its layers hold, where that can be seen at once; null: they are not looked at. */
  default @Nullable ImageFiles files(ManifestDocument manifest) {
    return null;
  }

  /** A repository of the registry {@code origin} that has the blobs; null if they are elsewhere. */
  default @Nullable String repositoryAt(String origin) {
    return null;
  }

  /** Reads some bytes of a blob that a target has already. */
  interface Stored {
    byte[] read(Descriptor blob, long from, int length) throws IOException;
  }

  /**
   * Makes sure that this source has a blob which is there already and is not copied: otherwise a
   * stranger who only knows its digest would be given another customer's layer.
   *
   * @throws RegistryException if it cannot show it
   */
  default void prove(Descriptor blob, Stored stored) {}

  /** Whether {@link #prove} asks for anything: then nothing may be tagged before. */
  default boolean mustProve() {
    return false;
  }

  /** Cuts off what a thread waits for here. */
  default void abort(Thread thread) {}
}
