package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.openfaas.FunctionSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever call fails, and wherever the process is killed: a job that is run again ends as one that
 * was left in peace.
 */
class ResumptionTest {
  private enum Action {
    CREATE,
    UPDATE,
    DELETE;

    ContractTask task() {
      return switch (this) {
        case CREATE -> Tasks.create();
        case UPDATE ->
            Tasks.update()
                .image("acme/currency:2")
                .cmd("deno")
                .env("MORE", "1")
                .secret("more", Tasks.CANARY + "-2")
                .unsetSecret("api-token")
                .seconds(20)
                .task();
        case DELETE -> Tasks.delete();
      };
    }

    World world() {
      return this == CREATE ? new World() : World.afterCreate();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJobThatIsKilledAnywhereEndsTheSameWhenItIsRunAgain(Action action) {
    for (Effects.Trouble kill :
        List.of(Effects.Trouble.KILLED_BEFORE, Effects.Trouble.KILLED_AFTER)) {
      everyCall(action, kill, List.of("t1"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJobInWhichAnythingFailsEndsTheSameWhenItIsRunAgain(Action action) {
    for (Effects.Trouble failure :
        List.of(Effects.Trouble.FAILS_BEFORE, Effects.Trouble.FAILS_AFTER)) {
      everyCall(action, failure, List.of("t1"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJobThatIsKilledTwiceEndsTheSame(Action action) {
    everyCall(action, Effects.Trouble.KILLED_AFTER, List.of("t1", "t1"));
  }

  @ParameterizedTest
  @EnumSource
  void aClockThatJumpsDoesNoHarm(Action action) {
    World undisturbed = action.world();
    undisturbed.run(action.task(), "t1");
    World world = action.world();
    world.clockJumps = true;

    assertThat(world.run(action.task(), "t1")).isInstanceOf(Outcome.Done.class);
    assertThat(state(world)).isEqualTo(state(undisturbed));
    everyCall(action, Effects.Trouble.KILLED_AFTER, List.of("t1"), w -> w.clockJumps = true);
  }

  /** It takes nothing back either: that would be another's by now. */
  @ParameterizedTest
  @EnumSource
  void aJobThatLosesItsContractDoesNotOneThingMore(Action action) {
    World undisturbed = action.world();
    undisturbed.run(action.task(), "t1");
    List<String> calls = undisturbed.effects.calls();
    int last = calls.lastIndexOf(changing(calls).getLast());
    for (int call = 1; call <= last; call++) {
      World world = action.world();
      world.lockLostAt = call;

      assertThat(world.run(action.task(), "t1")).isInstanceOf(Outcome.Retry.class);
      // What a part was asked before it was lost, as to empty a folder, goes to its end.
      int begun = world.effects.calls().get(call - 1).startsWith("store.list?") ? 1 : 0;
      assertThat(changing(world.effects.calls()))
          .isEqualTo(changing(calls.subList(0, call + begun)));
      world.lockLostAt = Integer.MAX_VALUE;
      assertThat(world.run(action.task(), "t1")).isInstanceOf(Outcome.Done.class);
      assertThat(state(world)).as(action + " " + call).isEqualTo(state(undisturbed));
    }
  }

  /**
   * Not the same task again, but another one: the first counts wholly or not at all. One exception
   * is known: a ledger that takes a transaction and then answers with a failure holds it, although
   * the job took everything back.
   */
  @Test
  void anotherUpdateTakesOverWhateverIsThere() {
    ContractTask second = Tasks.update().env("OTHER", "1").task();
    World alone = Action.UPDATE.world();
    alone.run(second, "t2");
    World both = Action.UPDATE.world();
    both.run(Action.UPDATE.task(), "t1");
    both.run(second, "t2");
    for (Effects.Trouble trouble : Effects.Trouble.values()) {
      for (int call = 0; call < calls(Action.UPDATE); call++) {
        World world = Action.UPDATE.world();
        world.effects.troubleAt(call, trouble);
        tryOnce(world, Action.UPDATE, "t1");
        String called = world.effects.calls().get(call);
        world.effects.revive();
        if (trouble == Effects.Trouble.FAILS_AFTER && called.startsWith("ledger")) {
          world.transactions.values().removeIf(t -> t.action().equals("update"));
        }
        String where = trouble + " at call " + call + ", " + called;

        assertThat(world.run(second, "t2")).as(where).isInstanceOf(Outcome.Done.class);
        assertThat(state(world)).as(where).isIn(state(alone), state(both));
      }
    }
  }

  /** Not the same task again, but a delete: nothing of the contract may be left. */
  @ParameterizedTest
  @EnumSource
  void whateverWasCutOffOrFailedADeleteLeavesNothing(Action action) {
    for (Effects.Trouble trouble : Effects.Trouble.values()) {
      for (int call = 0; call < calls(action); call++) {
        World world = action.world();
        world.effects.troubleAt(call, trouble);
        tryOnce(world, action, "t1");
        world.effects.revive();
        String where = action + " " + trouble + " at call " + call;

        assertThat(world.run(Tasks.delete(), "d")).as(where).isInstanceOf(Outcome.Done.class);
        assertNothingIsLeft(world, where);
        assertThat(world.transactions.values().stream().filter(t -> t.action().equals("delete")))
            .as(where)
            .hasSize(1);
      }
    }
  }

  /** The job fails late; taking back what it made is troubled as well. */
  @ParameterizedTest
  @CsvSource({
    "CREATE, gateway.awaitReady",
    "CREATE, ledger",
    "UPDATE, gateway.awaitReady",
    "UPDATE, ledger"
  })
  void whateverHappensToARollBackALaterRunEndsTheSame(Action action, String broken) {
    World undisturbed = action.world();
    undisturbed.run(action.task(), "t1");
    for (Effects.Trouble trouble : Effects.Trouble.values()) {
      for (int call = calls(action) / 2; call < calls(action) + 12; call++) {
        World world = action.world();
        world.effects.broken = broken;
        world.effects.troubleAt(call, trouble);
        tryOnce(world, action, "t1");
        world.effects.broken = null;
        world.effects.revive();
        String where = action + " without " + broken + ", " + trouble + " at call " + call;

        assertThat(world.run(action.task(), "t1")).as(where).isInstanceOf(Outcome.Done.class);
        assertThat(state(world)).as(where).isEqualTo(state(undisturbed));
      }
    }
  }

  private static List<String> changing(List<String> calls) {
    return calls.stream().filter(call -> call.indexOf('?') < 0).toList();
  }

  private static int calls(Action action) {
    World world = action.world();
    world.run(action.task(), "t1");
    return world.effects.count();
  }

  private static void assertNothingIsLeft(World world, String where) {
    assertThat(world.images).as(where).isEmpty();
    assertThat(world.secrets).as(where).isEmpty();
    assertThat(world.functions).as(where).isEmpty();
    assertThat(world.schedules).as(where).isEmpty();
    assertThat(world.objects.keySet())
        .as(where)
        .containsExactly("CONTRACT_BUILDER/JOURNAL/" + Tasks.ID + ".json");
  }

  private static void everyCall(Action action, Effects.Trouble trouble, List<String> tries) {
    everyCall(action, trouble, tries, world -> {});
  }

  private static void everyCall(
      Action action, Effects.Trouble trouble, List<String> tries, Consumer<World> prepared) {
    World undisturbed = action.world();
    undisturbed.run(action.task(), "t1");
    int calls = undisturbed.effects.count();
    assertThat(calls).isGreaterThan(10);
    for (int call = 0; call < calls; call++) {
      World world = action.world();
      prepared.accept(world);
      for (String identity : tries) {
        world.effects.troubleAt(call, trouble);
        tryOnce(world, action, identity);
        world.effects.revive();
      }
      String where = action + " " + trouble + " at call " + call;

      assertThat(world.run(action.task(), "t1")).as(where).isInstanceOf(Outcome.Done.class);
      assertThat(state(world)).as(where).isEqualTo(state(undisturbed));
    }
  }

  private static void tryOnce(World world, Action action, String identity) {
    try {
      world.run(action.task(), identity);
    } catch (Effects.Killed _) {
      // As intended.
    }
  }

  /** Everything that a job leaves, without what is random or a time. */
  static Map<String, Object> state(World world) {
    var state = new TreeMap<String, Object>();
    state.put("images", Set.copyOf(world.images));
    state.put("secrets", world.secrets.keySet());
    state.put("functions", Map.copyOf(world.functions));
    state.put("schedules", Map.copyOf(world.schedules));
    state.put(
        "transactions",
        world.transactions.values().stream().map(t -> t.action() + t.imageDigest()).toList());
    state.put(
        "objects",
        world.objects.keySet().stream().map(key -> key.replaceAll("SC_[A-Z]{12}", "KEY")).toList());
    Contract contract = world.documents().find(Tasks.ID);
    if (contract != null) {
      state.put("status", contract.status().state() + contract.status().message());
      state.put("image", String.valueOf(contract.imageDigest()));
      state.put("names", contract.existingSecrets());
      state.put("env", contract.env());
      FunctionSpec spec = world.documents().functionSpec(Tasks.ID);
      state.put("spec", String.valueOf(spec));
      state.put(
          "key fits", String.valueOf(contract.authKeyId()).equals(world.secret("auth-key-id")));
      state.put("key is stored", world.objects.containsKey("KEYS/" + contract.authKeyId()));
    }
    return state;
  }
}
