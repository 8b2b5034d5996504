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

  /** Removes an object; false if there was none. */
  boolean delete(String key);

  /** Removes many objects; those that are not there are no error. May stop at the first failure. */
  default void deleteAll(Collection<String> keys) {
    keys.forEach(this::delete);
  }

  /** The keys that begin with {@code prefix}, sorted. */
  List<String> list(String prefix);

  /**
   * What is right below {@code prefix}, sorted: the next part of each key that begins with it,
   * once. What lies deeper is not looked at, however much it is.
   *
   * @param prefix ends in {@code /}
   */
  List<String> children(String prefix);

  /**
   * The key itself.
   *
   * @throws IllegalArgumentException if it is none, or could lead elsewhere
   */
  static String validKey(String key) {
    for (String part : key.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "a key's parts are not empty, '.' or '..': \"" + key + "\"");
      }
    }
    return key;
  }
}
