package io.contractbuilder.job;

import io.contractbuilder.contract.ContractTask;
import java.util.ArrayList;
import java.util.List;

/**
 * The process is killed once, or a call fails.
 *
 * @param call its number, from 0
 * @param when before or after it
 */
record Kill(int call, Effects.Trouble when) {
  /** Before and after each of so many calls. */
  static List<Kill> all(int calls) {
    var kills = new ArrayList<Kill>();
    for (int call = 0; call < calls; call++) {
      kills.add(new Kill(call, Effects.Trouble.KILLED_BEFORE));
      kills.add(new Kill(call, Effects.Trouble.KILLED_AFTER));
    }
    return kills;
  }

  /** Without those that are another: before a call is after the one before it. */
  static List<Kill> distinct(int calls) {
    return all(calls).stream()
        .filter(kill -> kill.call == 0 || kill.when == Effects.Trouble.KILLED_AFTER)
        .toList();
  }

  /** Runs a task so; whether it was killed. */
  boolean strikes(Trial parts, ContractTask task) {
    parts.effects().troubleAt(call, when);
    try {
      parts.run(task, "t1");
      return false;
    } catch (Effects.Killed _) {
      return true;
    } finally {
      parts.effects().revive();
    }
  }
}
