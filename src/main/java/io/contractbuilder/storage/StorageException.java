package io.contractbuilder.storage;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** The storage refused, failed or could not be reached. */
public sealed class StorageException extends PartFailure permits DamagedException {
  public StorageException(
      String storage,
      String operation,
      String answer,
      String remedy,
      boolean retryHelps,
      @Nullable Throwable cause) {
    super("storage " + storage, operation, answer, remedy, retryHelps, cause);
  }
}
