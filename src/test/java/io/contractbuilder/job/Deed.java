package io.contractbuilder.job;

import io.contractbuilder.contract.ContractTask;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One event of a history.
 *
 * @param announced whether the webserver wrote the contract's state before it queued the task
 * @param disturbances what becomes of one run after the other; the last is not disturbed where
 *     {@code finished}
 * @param finished whether it is run again undisturbed after all the others
 */
record Deed(
    ContractTask task, boolean announced, List<Disturbance> disturbances, boolean finished) {
  /**
   * What goes wrong in a run.
   *
   * @param call which call fails, from 0
   * @param trouble how it fails; null: not at all
   * @param broken calls that begin so fail all the time; null: none
   * @param retryHelps what the failure says of itself
   */
  record Disturbance(
      int call, Effects.@Nullable Trouble trouble, @Nullable String broken, boolean retryHelps) {

    void on(Effects effects) {
      effects.revive();
      effects.broken = broken;
      effects.retryHelps(retryHelps);
      if (trouble != null) {
        effects.troubleAt(call, trouble);
      }
    }

    static void none(Effects effects) {
      effects.revive();
      effects.broken = null;
      effects.retryHelps(true);
    }

    @Override
    public String toString() {
      String first =
          trouble == null
              ? ""
              : "call " + call + " " + trouble.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return first + (broken == null ? "" : " without " + broken) + (retryHelps ? "" : " for good");
    }
  }

  @Override
  public String toString() {
    return task
        + (announced ? ", announced" : "")
        + (disturbances.isEmpty() ? "" : ", disturbed: " + disturbances)
        + (finished ? ", then finished" : "");
  }
}
