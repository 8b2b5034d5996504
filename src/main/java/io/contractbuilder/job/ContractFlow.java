package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done for one action, and how it is undone. */
sealed interface ContractFlow permits CreateJob, UpdateJob, DeleteJob {

  /** Does it; answers the contract as it is stored then, null if it is stored no more. */
  @Nullable Contract perform();

  /** Takes back what was made; answers what could not be, one sentence each. */
  List<String> rollBack();

  /** The contract to be stored after a failure; null: none. */
  @Nullable Contract afterFailure(String reason);
}
