package io.contractbuilder.job;

import io.contractbuilder.contract.ContractTask;
import java.util.Map;

/** Parts on which jobs are run that end at any of their calls. */
interface Trial {
  /** Every call that reaches a part. */
  Effects effects();

  Outcome run(ContractTask task, String identity);

  /** Everything that a job leaves, without what is random or a time. */
  Map<String, Object> state();

  /**
   * A customer's image.
   *
   * @param version 1 or 2
   */
  String image(int version);
}
