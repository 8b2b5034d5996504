package io.contractbuilder.redis;

import io.contractbuilder.contract.PartFailure;
import org.jspecify.annotations.Nullable;

/**
 * A Redis refused, failed or could not be reached. Its {@link #answer} is what Redis said, word for
 * word, where it said something.
 */
public final class RedisException extends PartFailure {
  /** Where the part is named for what it is to the job; {@code redis host:port} else. */
  RedisException(
      RedisAddress address,
      String operation,
      String answer,
      String remedy,
      boolean retryHelps,
      @Nullable Throwable cause) {
    super("redis " + address, operation, answer, remedy, retryHelps, cause);
  }
}
