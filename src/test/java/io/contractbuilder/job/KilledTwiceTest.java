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
 * A job that is killed at one call, and the one that takes it up at another: every pair of them
 * with {@code CONTRACT_BUILDER_VERIFY=long}, else some, which {@code -Dcrash.seed} repeats.
 */
class KilledTwiceTest {
  private static final boolean LONG = "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY"));
  private static final int SAMPLE = 150;

  private enum Action {
    CREATE,
    UPDATE_IMAGE,
    UPDATE_SECRETS,
    UPDATE_ENVIRONMENT,
    UPDATE_SCHEDULE,
    DELETE;

    ContractTask task() {
      return switch (this) {
        case CREATE -> Tasks.create();
        case UPDATE_IMAGE -> Tasks.update().image("acme/currency:2").task();
        case UPDATE_SECRETS ->
            Tasks.update().secret("more", Tasks.CANARY + "-2").unsetSecret("api-token").task();
        case UPDATE_ENVIRONMENT -> Tasks.update().env("MORE", "1").task();
        case UPDATE_SCHEDULE -> Tasks.update().seconds(20).task();
        case DELETE -> Tasks.delete();
      };
    }

    World world() {
      return this == CREATE ? new World() : World.afterCreate();
    }
  }

  private record Kill(int call, Effects.Trouble when) {}

  @ParameterizedTest
  @EnumSource
  void whereverBothAreKilledTheThirdEndsAsOneThatWasLeftInPeace(Action action) {
    World undisturbed = action.world();
    undisturbed.run(action.task(), "t1");
    Map<String, Object> wanted = ResumptionTest.state(undisturbed);
    List<Kill> kills = kills(undisturbed.effects.count());
    List<List<Kill>> pairs = pairs(kills);
    int reached = 0;
    for (List<Kill> pair : pairs) {
      World world = action.world();
      int killed = 0;
      for (Kill kill : pair) {
        killed += isKilled(world, action, kill) ? 1 : 0;
      }
      reached += killed == 2 ? 1 : 0;
      String where = action + " " + pair;
      assertThat(world.run(action.task(), "t1")).as(where).isInstanceOf(Outcome.Done.class);
      assertThat(ResumptionTest.state(world)).as(where).isEqualTo(wanted);
    }
    // The second run has less to do, and so does not come to all calls.
    assertThat(reached).as("killed twice of " + pairs.size()).isGreaterThan(pairs.size() / 4);
  }

  private static boolean isKilled(World world, Action action, Kill kill) {
    world.effects.troubleAt(kill.call(), kill.when());
    try {
      world.run(action.task(), "t1");
      return false;
    } catch (Effects.Killed _) {
      return true;
    } finally {
      world.effects.revive();
    }
  }

  private static List<Kill> kills(int calls) {
    var kills = new ArrayList<Kill>();
    for (int call = 0; call < calls; call++) {
      kills.add(new Kill(call, Effects.Trouble.KILLED_BEFORE));
      kills.add(new Kill(call, Effects.Trouble.KILLED_AFTER));
    }
    return kills;
  }

  private static List<List<Kill>> pairs(List<Kill> kills) {
    var pairs = new ArrayList<List<Kill>>();
    for (Kill first : kills) {
      for (Kill second : kills) {
        pairs.add(List.of(first, second));
      }
    }
    if (!LONG) {
      long seed = Long.getLong("crash.seed", System.nanoTime() % 100_000);
      System.out.println("KilledTwiceTest: -Dcrash.seed=" + seed);
      Collections.shuffle(pairs, new Random(seed));
      return pairs.subList(0, Math.min(SAMPLE, pairs.size()));
    }
    return pairs;
  }
}
