package io.contractbuilder.local.container;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** A container could not be started, or its image not be unpacked. */
public final class ContainerException extends PartFailure {
  public ContainerException(
      String runtime, String operation, String answer, String remedy, @Nullable Throwable cause) {
    super(runtime, operation, answer, remedy, false, cause);
  }
}
