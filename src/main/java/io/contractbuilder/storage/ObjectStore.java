package io.contractbuilder.storage;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Named bytes. Keys are slash-separated ({@code SMARTCONTRACT/<id>/metadata.json}), without empty,
 * {@code .} or {@code ..} parts. All throw {@link StorageException}.
 */
public interface ObjectStore {

  /** The object; null if there is none. */
  byte @Nullable [] get(String key);

  /** Writes an object whole or not at all. */
  void put(String key, byte[] value);

  /** Removes an object, if there is one. */
  void delete(String key);

  /** Removes objects, in any order, not all at once: cut off, some are still there. */
  default void deleteAll(Collection<String> keys) {
    keys.forEach(this::delete);
  }

  /** The keys that begin with {@code prefix}, sorted. */
  List<String> list(String prefix);
}
