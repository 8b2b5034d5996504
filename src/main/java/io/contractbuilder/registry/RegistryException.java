package io.contractbuilder.registry;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** A registry, image layout or docker archive refused, failed, lied or could not be reached. */
public final class RegistryException extends PartFailure {
  private final int status;

  /**
   * @param part for example {@code registry 127.0.0.1:5000}
   * @param status HTTP status; 0 if there was no answer
   */
  RegistryException(
      String part,
      String operation,
      int status,
      String answer,
      String remedy,
      boolean retryHelps,
      @Nullable Throwable cause) {
    super(part, operation, answer, remedy, retryHelps, cause);
    this.status = status;
  }

  /** Without an HTTP status, and a retry does not help. */
  RegistryException(String part, String operation, String answer, String remedy) {
    this(part, operation, 0, answer, remedy, false, null);
  }

  public int status() {
    return status;
  }

  /** That the thread was interrupted: nothing is tagged. */
  static RegistryException cancelled(String part, String operation) {
    return new RegistryException(
        part, operation, 0, "cancelled", "Nothing was tagged; run it again", true, null);
  }
}
