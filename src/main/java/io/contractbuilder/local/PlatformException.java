package io.contractbuilder.local;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** The local platform could not do what was asked of it. */
public final class PlatformException extends PartFailure {
  public PlatformException(
      String operation,
      String answer,
      String remedy,
      boolean retryHelps,
      @Nullable Throwable cause) {
    super("local platform", operation, answer, remedy, retryHelps, cause);
  }
}
