package io.contractbuilder.storage;

import org.jspecify.annotations.Nullable;

/** An object was read and is not what it should be. */
public final class DamagedException extends StorageException {

  /**
   * @param key the object's
   * @param answer what is wrong with it; without a value that may be secret
   */
  public DamagedException(
      String key, String operation, String answer, String remedy, @Nullable Throwable cause) {
    super(key, operation, answer, remedy, false, cause);
  }
}
