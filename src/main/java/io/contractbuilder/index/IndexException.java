package io.contractbuilder.index;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/** What should be the search index is none. */
public final class IndexException extends PartFailure {
  public IndexException(
      String index, String operation, String answer, String remedy, @Nullable Throwable cause) {
    super("search index " + index, operation, answer, remedy, false, cause);
  }
}
