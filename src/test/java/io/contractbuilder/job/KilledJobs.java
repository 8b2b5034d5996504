package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractTask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A job that is killed at any call, once or, with the one that takes it up, twice, or of which a
 * call fails: it is run again and ends as one that was left in peace. Where not all of them are
 * tried, {@code -Dcrash.seed} repeats those that were.
 */
abstract class KilledJobs {
  static final int ALL = Integer.MAX_VALUE;

  static final boolean LONG = "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY"));

  /** As new. */
  abstract Trial parts() throws Exception;

  /** How many pairs of kills, and how many failures, are tried of each action. */
  abstract int most();

  @ParameterizedTest
  @EnumSource
  void whereverItIsKilledTheNextEndsAsOneThatWasLeftInPeace(KilledAction action) throws Exception {
    Undisturbed undisturbed = undisturbed(action);
    for (Kill kill : kills(undisturbed.calls())) {
      Trial parts = action.prepared(parts());
      assertThat(kill.strikes(parts, action.task(parts))).isTrue();
      undisturbed.assertIsReached(parts, action + " " + kill);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereverBothAreKilledTheThirdEndsAsOneThatWasLeftInPeace(KilledAction action)
      throws Exception {
    Undisturbed undisturbed = undisturbed(action);
    List<List<Kill>> pairs = pairs(undisturbed.calls());
    int reached = 0;
    for (List<Kill> pair : pairs) {
      Trial parts = action.prepared(parts());
      int killed = 0;
      for (Kill kill : pair) {
        killed += kill.strikes(parts, action.task(parts)) ? 1 : 0;
      }
      reached += killed == 2 ? 1 : 0;
      undisturbed.assertIsReached(parts, action + " " + pair);
    }
    if (most() == ALL) {
      // The second run has less to do, and so does not come to all calls.
      assertThat(reached).as("killed twice of " + pairs.size()).isGreaterThan(pairs.size() / 2);
    }
    System.out.printf(
        "%s: %s, %d effects, %d of %d pairs killed twice%n",
        getClass().getSimpleName(), action, undisturbed.calls(), reached, pairs.size());
  }

  @ParameterizedTest
  @EnumSource
  void whateverFailsTheNextEndsAsOneThatWasLeftInPeace(KilledAction action) throws Exception {
    Undisturbed undisturbed = undisturbed(action);
    var failures = new ArrayList<Kill>();
    for (int call = 0; call < undisturbed.calls(); call++) {
      failures.add(new Kill(call, Effects.Trouble.FAILS_BEFORE));
      failures.add(new Kill(call, Effects.Trouble.FAILS_AFTER));
    }
    for (Kill failure : chosen(failures)) {
      Trial parts = action.prepared(parts());
      failure.strikes(parts, action.task(parts));
      undisturbed.assertIsReached(parts, action + " " + failure);
    }
  }

  private List<Kill> kills(int calls) {
    return most() == ALL ? Kill.all(calls) : Kill.distinct(calls);
  }

  private List<List<Kill>> pairs(int calls) {
    List<Kill> kills = Kill.distinct(calls);
    var pairs = new ArrayList<List<Kill>>();
    for (Kill first : kills) {
      for (Kill second : kills) {
        pairs.add(List.of(first, second));
      }
    }
    return chosen(pairs);
  }

  private <T> List<T> chosen(List<T> all) {
    if (all.size() <= most()) {
      return all;
    }
    long seed = Long.getLong("crash.seed", System.nanoTime() % 100_000);
    System.out.println(getClass().getSimpleName() + ": -Dcrash.seed=" + seed);
    Collections.shuffle(all, new Random(seed));
    return all.subList(0, most());
  }

  private Undisturbed undisturbed(KilledAction action) throws Exception {
    Trial parts = action.prepared(parts());
    assertThat(parts.run(action.task(parts), "t1")).isInstanceOf(Outcome.Done.class);
    return new Undisturbed(action, parts.effects().count(), parts.state());
  }

  private record Undisturbed(KilledAction action, int calls, Map<String, Object> state) {
    void assertIsReached(Trial parts, String where) {
      ContractTask task = action.task(parts);
      assertThat(parts.run(task, "t1")).as(where).isInstanceOf(Outcome.Done.class);
      assertThat(parts.state()).as(where).isEqualTo(state);
    }
  }
}
