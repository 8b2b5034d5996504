package io.contractbuilder.job;

import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.UpdateContract;
import io.contractbuilder.job.Version.Stage;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a task may make of a contract.
 *
 * @param before what it is
 * @param journal what its last job left; null: nothing
 */
record HistoryModel(Version before, @Nullable Journal journal) {

  /**
   * Every version that the contract may have then.
   *
   * @param done whether the job says that it did what was asked
   * @param disturbed whether something was to go wrong
   */
  Set<Version> after(ContractTask task, String identity, boolean done, boolean disturbed) {
    var possible = new LinkedHashSet<Version>();
    if (!done) {
      possible.add(before);
    }
    if (done || disturbed) {
      possible.add(undisturbed(task, identity));
    }
    if (!done) {
      switch (task) {
        case CreateContract _ -> {
          if (before.stage() == Stage.ABSENT) {
            possible.add(Version.ERROR);
          }
        }
        case UpdateContract update -> possible.add(asAnnounced(update));
        case DeleteContract _ -> {
          possible.add(Version.GOING);
          possible.add(Version.ABSENT);
        }
      }
    }
    return possible;
  }

  private Version undisturbed(ContractTask task, String identity) {
    return switch (task) {
      case CreateContract create ->
          switch (before.stage()) {
            case ABSENT, ERROR -> Version.of(create);
            case LIVE, GOING -> before;
          };
      case UpdateContract update ->
          switch (before.stage()) {
            case LIVE -> isRepeat(identity) ? before : asAnnounced(update).with(update);
            case ABSENT, ERROR, GOING -> before;
          };
      case DeleteContract _ -> Version.ABSENT;
    };
  }

  /** Whether it is active is what the webserver saw before it wrote {@code updating}. */
  private Version asAnnounced(UpdateContract update) {
    return before.stage() != Stage.LIVE || update.startState() == null
        ? before
        : before.active(update.startState() == ContractState.ACTIVE);
  }

  /** Then the contract is what the task made of it already. */
  private boolean isRepeat(String identity) {
    return journal != null
        && journal.state() == Journal.State.DONE
        && journal.identity().equals(identity);
  }
}
