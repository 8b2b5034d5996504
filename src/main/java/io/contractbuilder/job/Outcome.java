package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a job ended, where its end was to be expected. */
public sealed interface Outcome {

  /**
   * What was asked for is so.
   *
   * @param contract as it is stored now; null where it was deleted
   * @param warnings for people: what may be a surprise, but no error
   * @param repeat whether an earlier job had done it and this one did nothing
   */
  record Done(@Nullable Contract contract, List<String> warnings, boolean repeat)
      implements Outcome {}

  /**
   * It did not come about; the same task may go well later.
   *
   * @param reason what failed, with what to check; holds no secret
   * @param leftovers what could not be taken back, one sentence each
   */
  record Retry(String reason, List<String> leftovers, @Nullable Throwable cause)
      implements Outcome {}

  /**
   * It did not come about, and will not until something is changed.
   *
   * @param reason what failed, with what to change; holds no secret
   * @param leftovers what could not be taken back, one sentence each
   */
  record Failed(String reason, List<String> leftovers, @Nullable Throwable cause)
      implements Outcome {}
}
