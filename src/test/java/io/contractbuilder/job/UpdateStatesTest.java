package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Status;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Updates of a contract in each state that it can be in, or is said to have been in. */
class UpdateStatesTest {
  private final World world = new World();

  @BeforeEach
  void aContract() {
    world.run(Tasks.create(), "create");
    world.effects.revive();
  }

  @ParameterizedTest
  @CsvSource({
    "ACTIVE,,ACTIVE",
    "INACTIVE,,INACTIVE",
    // Nobody wrote "updating": the task's word counts, and what runs follows it.
    "ACTIVE,INACTIVE,INACTIVE",
    "INACTIVE,ACTIVE,ACTIVE",
    "UPDATING,ACTIVE,ACTIVE",
    "UPDATING,INACTIVE,INACTIVE",
    // Who does not say what it was before takes it as it was made.
    "UPDATING,,ACTIVE",
    "UPDATING,UPDATING,ACTIVE"
  })
  void aDeployedContractIsUpdatedAndHasItsStateAgain(
      ContractState stored, ContractState start, ContractState after) {
    store(stored);
    if (stored == ContractState.UPDATING && start == ContractState.INACTIVE) {
      world.schedules.clear();
    }
    var update = Tasks.update().env("MORE", "1");
    update.start = start;

    assertThat(world.run(update.task(), "u")).isInstanceOf(Outcome.Done.class);

    assertThat(stored().status().state()).isEqualTo(after);
    assertThat(stored().status().message()).isEqualTo("Contract update success!");
    assertThat(world.function().envVars()).containsEntry("MORE", "1");
    assertThat(world.schedules).hasSize(after == ContractState.ACTIVE ? 1 : 0);
  }

  @Test
  void whatRunsFollowsTheStateThatHadToBeGuessed() {
    world.run(Tasks.update().desired(ContractState.INACTIVE).task(), "sleep");
    assertThat(world.schedules).isEmpty();
    // The update that the webserver queued then was lost.
    store(ContractState.UPDATING);

    world.run(Tasks.update().env("MORE", "1").task(), "u");

    assertThat(stored().status().state()).isEqualTo(ContractState.ACTIVE);
    assertThat(world.schedules).hasSize(1);
  }

  @Test
  void anUpdateThatCannotBeginLeavesTheStateThatOneBeforeFound() {
    store(ContractState.UPDATING);
    world.effects.troubleAt(8, Effects.Trouble.KILLED_AFTER);
    var first = Tasks.update().start(ContractState.INACTIVE).cmd("deno").task();
    assertThatThrownBy(() -> world.run(first, "u1")).isInstanceOf(Effects.Killed.class);
    world.effects.revive();

    Outcome second = world.run(Tasks.update().watchdog("nobody's").task(), "u2");

    assertThat(second).isInstanceOf(Outcome.Failed.class);
    assertThat(stored().status().state()).isEqualTo(ContractState.INACTIVE);
  }

  /** The webserver had read the state before the job that was cut off was finished. */
  @Test
  void afterAFailureWhatRunsIsWhatTheStateSays() {
    world.effects.broken = "store.put SMARTCONTRACT";
    world.run(Tasks.update().desired(ContractState.INACTIVE).task(), "sleep");
    world.effects.broken = null;
    assertThat(stored().status().state()).isEqualTo(ContractState.ACTIVE);
    store(ContractState.UPDATING);
    world.crashing.add("deno index.js");

    Outcome outcome = world.run(Tasks.update().start(ContractState.ACTIVE).cmd("deno").task(), "u");

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(stored().status().state()).isEqualTo(ContractState.ACTIVE);
    assertThat(world.schedules).hasSize(1);
  }

  @Test
  void anUpdateThatCannotBeginLeavesTheStateThatNobodyChanged() {
    store(ContractState.INACTIVE);

    world.run(Tasks.update().start(ContractState.ACTIVE).watchdog("nobody's").task(), "u");

    assertThat(stored().status().state()).isEqualTo(ContractState.INACTIVE);
    assertThat(world.schedules).isEmpty();
  }

  static Stream<Arguments> refused() {
    var others = new ContractState[] {ContractState.PENDING, ContractState.ERROR};
    var deleted = new ContractState[] {ContractState.DELETING, ContractState.DELETE_FAILED};
    return Stream.of(
            Stream.concat(Arrays.stream(others), Arrays.stream(deleted))
                .flatMap(
                    state ->
                        Stream.of(
                            Arguments.of(state, null, state),
                            Arguments.of(state, state, state),
                            Arguments.of(ContractState.UPDATING, state, state))),
            // A task that was late: it cannot know that the contract is being deleted by now.
            Arrays.stream(deleted)
                .flatMap(
                    state ->
                        Stream.of(
                            Arguments.of(state, ContractState.ACTIVE, state),
                            Arguments.of(state, ContractState.INACTIVE, state))))
        .flatMap(rows -> rows);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatWasNeverDeployedOrIsBeingDeletedIsRefusedAndKeepsItsState(
      ContractState stored, ContractState start, ContractState after) {
    store(stored);
    Contract before = stored();
    var update =
        Tasks.update().image("acme/currency:2").secret("more", "x").desired(ContractState.ACTIVE);
    update.start = start;

    assertThat(world.run(update.task(), "u")).isInstanceOf(Outcome.Failed.class);

    assertThat(stored()).isEqualTo(before.withStatus(stored().status()));
    assertThat(stored().status().state()).isEqualTo(after);
    assertThat(stored().status().message())
        .startsWith("Contract update failed: ")
        .containsAnyOf("never deployed", "being deleted");
    assertThat(world.effects.changes())
        .containsExactly("store.put SMARTCONTRACT/" + Tasks.ID + "/metadata.json");
  }

  @ParameterizedTest
  @EnumSource(names = {"ACTIVE", "INACTIVE"})
  void aFailedUpdateKeepsAllButTheMessage(ContractState start) {
    if (start == ContractState.INACTIVE) {
      world.run(Tasks.update().desired(start).task(), "before");
    }
    Contract before = stored();
    var schedules = Map.copyOf(world.schedules);
    store(ContractState.UPDATING);
    world.crashing.add("deno index.js");
    ContractState other =
        start == ContractState.ACTIVE ? ContractState.INACTIVE : ContractState.ACTIVE;

    Outcome outcome =
        world.run(
            Tasks.update()
                .image("acme/currency:2")
                .cmd("deno")
                .env("MORE", "1")
                .secret("more", "x")
                .seconds(20)
                .start(start)
                .desired(other)
                .task(),
            "u");

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(stored()).isEqualTo(before.withStatus(stored().status()));
    assertThat(stored().status().state()).isEqualTo(start);
    assertThat(stored().status().message()).startsWith("Contract update failed: ");
    assertThat(world.schedules).isEqualTo(schedules);
    assertThat(world.images).containsExactly(before.imageDigest());
    assertThat(world.secrets).hasSize(3);
  }

  @Test
  void aScheduleThatIsGivenToAnInactiveContractRunsOnceItIsActive() {
    world.run(Tasks.update().disableSchedule().desired(ContractState.INACTIVE).task(), "u1");
    world.run(Tasks.update().seconds(7).task(), "u2");
    assertThat(world.schedules).isEmpty();

    world.run(Tasks.update().desired(ContractState.ACTIVE).task(), "u3");

    assertThat(world.schedules.get(Tasks.ID.value())).contains("\"seconds\":7");
  }

  private void store(ContractState state) {
    world.documents().save(stored().withStatus(new Status(state, "", Instant.EPOCH)));
    if (state != ContractState.ACTIVE && state != ContractState.UPDATING) {
      world.schedules.clear();
    }
    world.effects.revive();
  }

  private Contract stored() {
    return Objects.requireNonNull(world.documents().find(Tasks.ID), "no contract");
  }
}
