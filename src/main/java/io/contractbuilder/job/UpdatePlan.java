package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.contract.Status;
import io.contractbuilder.contract.UpdateContract;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an update comes to.
 *
 * @param former the contract as it was, in the state that it had before somebody wrote {@code
 *     updating}
 * @param wanted the contract as it shall be, but for its image's digest, and its status' time
 * @param secretsRemoved names that the contract has and shall not have
 * @param contradicted whether the stored state is neither {@code updating} nor the one that the
 *     task says, or nobody says what it was before {@code updating}: what runs is not known then
 * @param endsSchedule whether the scheduler is told in any case (chain formats, §8)
 */
record UpdatePlan(
    Contract former,
    Contract wanted,
    Set<String> secretsRemoved,
    boolean contradicted,
    boolean endsSchedule) {

  /**
   * Merges what is given into what is there.
   *
   * @param journaled the state before, as an earlier run of this job saw it
   */
  static UpdatePlan of(
      Contract stored,
      @Nullable ContractState journaled,
      UpdateContract task,
      ChainIdentity chain) {
    ContractState start = stateBefore(stored, journaled, task);
    Status before = new Status(start, stored.status().message(), stored.status().timestamp());
    ContractState state = task.desiredState() == null ? start : task.desiredState();
    Set<String> removed = removedSecrets(stored, task);
    Contract wanted =
        new Contract(
            stored.type(),
            stored.id(),
            new Status(state, "Contract update success!", before.timestamp()),
            task.image() == null ? stored.image() : task.image().written(),
            stored.authKeyId(),
            stored.imageDigest(),
            task.cmd() == null ? stored.cmd() : task.cmd(),
            task.args() == null ? stored.args() : task.args(),
            concernsFunction(task) ? env(stored, task, chain) : stored.env(),
            secrets(stored, task, removed),
            schedule(stored, task),
            task.executionOrder() == null ? stored.executionOrder() : task.executionOrder());
    ContractState at = stored.status().state();
    return new UpdatePlan(
        stored.withStatus(before),
        wanted,
        removed,
        at == ContractState.UPDATING ? isGuessed(journaled, task) : at != start,
        task.disableSchedule() || task.desiredState() == ContractState.INACTIVE);
  }

  /** Whether anything is given that the function is made of (chain formats, §8). */
  static boolean concernsFunction(UpdateContract task) {
    return task.image() != null
        || task.watchdog() != null
        || task.cmd() != null
        || task.args() != null
        || !task.env().isEmpty()
        || !task.unsetEnv().isEmpty()
        || !task.secrets().isEmpty()
        || !task.unsetSecrets().isEmpty();
  }

  private static ContractState stateBefore(
      Contract stored, @Nullable ContractState journaled, UpdateContract task) {
    if (isGoing(stored)) {
      // The task comes late: when it was queued, nobody had asked for the deletion.
      return stored.status().state();
    }
    if (task.startState() != null && task.startState() != ContractState.UPDATING) {
      return task.startState();
    }
    if (stored.status().state() != ContractState.UPDATING) {
      return stored.status().state();
    }
    return journaled == null ? ContractState.ACTIVE : journaled;
  }

  /** Of a contract in {@code updating}, whose former update was lost before it began. */
  private static boolean isGuessed(@Nullable ContractState journaled, UpdateContract task) {
    return journaled == null
        && (task.startState() == null || task.startState() == ContractState.UPDATING);
  }

  private static boolean isGoing(Contract stored) {
    return switch (stored.status().state()) {
      case DELETING, DELETE_FAILED -> true;
      case PENDING, ACTIVE, INACTIVE, ERROR, UPDATING -> false;
    };
  }

  private static Map<String, String> env(
      Contract stored, UpdateContract task, ChainIdentity chain) {
    var env = new LinkedHashMap<>(stored.env());
    env.keySet().removeAll(task.unsetEnv());
    env.putAll(task.env());
    return ContractFunction.environment(env, stored.id(), stored.type(), chain);
  }

  /** The contract's key stays whatever is asked. */
  private static Set<String> removedSecrets(Contract stored, UpdateContract task) {
    var removed = new LinkedHashSet<String>();
    for (SecretName name : task.unsetSecrets()) {
      if (!name.isReserved() && !task.secrets().containsKey(name)) {
        stored.existingSecrets().stream()
            .filter(existing -> existing.equalsIgnoreCase(name.value()))
            .forEach(removed::add);
      }
    }
    return removed;
  }

  /** Those that are there keep their order, new ones follow. */
  private static List<String> secrets(Contract stored, UpdateContract task, Set<String> removed) {
    var names = new ArrayList<>(stored.existingSecrets());
    names.removeAll(removed);
    for (SecretName name : task.secrets().keySet()) {
      if (names.stream().noneMatch(name.value()::equalsIgnoreCase)) {
        names.add(name.value());
      }
    }
    return names;
  }

  private static @Nullable Schedule schedule(Contract stored, UpdateContract task) {
    if (task.schedule() != null) {
      return task.schedule();
    }
    return task.disableSchedule() ? null : stored.schedule();
  }

  /** Whether the scheduler has to hear of it. */
  boolean changesSchedule() {
    if (endsSchedule) {
      return true;
    }
    if (isScheduleUnknown()) {
      return true;
    }
    if (!ContractSteps.isScheduled(former) && !ContractSteps.isScheduled(wanted)) {
      return false;
    }
    return ContractSteps.isScheduled(former) != ContractSteps.isScheduled(wanted)
        || !sameSchedule(former.schedule(), wanted.schedule())
        || former.executionOrder() != wanted.executionOrder();
  }

  /** Whether the scheduler may hold another schedule than the contract's state says. */
  boolean isScheduleUnknown() {
    return contradicted && (former.schedule() != null || wanted.schedule() != null);
  }

  private static boolean sameSchedule(@Nullable Schedule one, @Nullable Schedule other) {
    return switch (one) {
      case null -> other == null;
      case Schedule.Every every -> every.equals(other);
      case Schedule.Cron cron ->
          other instanceof Schedule.Cron(var expression)
              && cron.expression().toString().equals(expression.toString());
    };
  }
}
