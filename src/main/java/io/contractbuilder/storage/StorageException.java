package io.contractbuilder.storage;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** The storage refused, failed or could not be reached. */
public final class StorageException extends PartFailure {
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
