package io.contractbuilder.queue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks that failed for good, which people look at, try again or drop. */
public interface DeadLetters {

  /** The oldest, up to 1000, without their events. */
  List<DeadLetter> all();

  /** One with its event; null if there is none of this number. */
  @Nullable DeadLetter find(long number);

  /**
   * Lets it wait again, behind all that waits for its contract.
   *
   * @return false if there is none of this number
   */
  boolean retry(long number);

  /**
   * Removes it with its event.
   *
   * @return false if there is none of this number
   */
  boolean drop(long number);

  /**
   * A task that failed for good.
   *
   * @param contract its id; empty if that cannot be read
   * @param action what it would have done; empty if that cannot be read
   * @param reason holds no secret
   * @param event as the chain wrote it, with its secrets; empty where it was not asked for
   */
  record DeadLetter(
      long number,
      String contract,
      String action,
      String reason,
      Instant arrived,
      Instant failed,
      int attempts,
      byte[] event) {

    /** Without the event. */
    @Override
    public String toString() {
      return "task " + number + ": " + reason;
    }
  }
}
