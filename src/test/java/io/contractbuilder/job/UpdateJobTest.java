package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.Status;
import io.contractbuilder.image.ImageCommand;
import io.contractbuilder.openfaas.FunctionSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UpdateJobTest {
  private static final List<String> COMMIT = List.of("ledger.append update", "metadata.json");
  private final World world = new World();

  @BeforeEach
  void aContract() {
    world.run(Tasks.create(), "create");
    world.effects.revive();
  }

  static List<Arguments> necessity() {
    return List.of(
        row("nothing", Tasks.update(), List.of()),
        row(
            "an image of the deployed digest",
            Tasks.update().image("acme/currency:one"),
            List.of()),
        row("the same variable", Tasks.update().env("RATE", "3"), List.of()),
        row("the same command", Tasks.update().cmd("node").args("index.js"), List.of()),
        row("the same schedule", Tasks.update().seconds(30), List.of()),
        row("no such variable", Tasks.update().unsetEnv("NONE"), List.of()),
        row("no such secret", Tasks.update().unsetSecret("none"), List.of()),
        row("a variable", Tasks.update().env("RATE", "4"), deployed()),
        row("a variable less", Tasks.update().unsetEnv("RATE"), deployed()),
        row("the command", Tasks.update().cmd("deno"), deployed()),
        row("the arguments", Tasks.update().args("other.js"), deployed()),
        row(
            "an image",
            Tasks.update().image("acme/currency:2"),
            List.of("images.build", "gateway.deploy", "faas_spec.json", "images.delete")),
        row(
            "a watchdog",
            Tasks.update().watchdog("builtin"),
            List.of("images.build", "gateway.deploy", "faas_spec.json", "images.delete")),
        row(
            "a secret's value",
            Tasks.update().secret("api-token", "other"),
            List.of("gateway.putSecret api-token", "gateway.deploy", "faas_spec.json")),
        row(
            "another secret",
            Tasks.update().secret("more", "other"),
            List.of("gateway.putSecret more", "gateway.deploy", "faas_spec.json")),
        row(
            "a secret less",
            Tasks.update().unsetSecret("api-token"),
            List.of("gateway.deploy", "faas_spec.json", "gateway.deleteSecret api-token")),
        row("the schedule", Tasks.update().seconds(20), List.of("scheduler.schedule")),
        row("no schedule", Tasks.update().disableSchedule(), List.of("scheduler.unschedule")),
        row(
            "the order",
            Tasks.update().order(ExecutionOrder.PARALLEL),
            List.of("scheduler.schedule")),
        row(
            "inactivation",
            Tasks.update().desired(ContractState.INACTIVE),
            List.of("scheduler.unschedule")));
  }

  private static List<String> deployed() {
    return List.of("gateway.deploy", "faas_spec.json");
  }

  private static Arguments row(String name, Tasks.Update update, List<String> effects) {
    return Arguments.of(name, update, effects);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("necessity")
  void doesOnlyWhatIsNecessaryFor(String name, Tasks.Update update, List<String> expected) {
    assertThat(world.run(update.task(), "u1")).isInstanceOf(Outcome.Done.class);

    List<String> changes =
        world.effects.changes().stream()
            .map(call -> call.replace("store.put SMARTCONTRACT/" + Tasks.ID + "/", ""))
            .toList();
    assertThat(changes).containsAll(COMMIT);
    assertThat(changes.stream().filter(call -> !COMMIT.contains(call)).toList())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** It is looked for in the image before that is pushed, where its layers are read anyway. */
  @Test
  void imageIsBuiltForTheCommandThatWillRunInIt() {
    world.run(Tasks.update().image("acme/currency:2").task(), "u1");
    world.run(
        Tasks.update().image("acme/currency:1").cmd("python3").env("PATH", "/opt/bin").task(),
        "u2");

    assertThat(world.commands)
        .endsWith(new ImageCommand("node", null), new ImageCommand("python3", "/opt/bin"));
  }

  @Test
  void doesEverythingInTheOrderOfTheFlowAndRemovesLast() {
    world.run(
        Tasks.update()
            .image("acme/currency:2")
            .secret("more", "x")
            .unsetSecret("api-token")
            .seconds(20)
            .task(),
        "u1");

    assertThat(world.effects.changes())
        .map(call -> call.replace(Tasks.ID.value(), "ID"))
        .containsExactly(
            "images.build",
            "gateway.putSecret more",
            "gateway.deploy",
            "scheduler.schedule",
            "ledger.append update",
            "store.put SMARTCONTRACT/ID/faas_spec.json",
            "store.put SMARTCONTRACT/ID/metadata.json",
            "images.delete",
            "gateway.deleteSecret api-token");
    assertThat(world.images).containsExactly(stored().imageDigest());
    assertThat(stored().existingSecrets()).containsExactly("secret-key", "auth-key-id", "more");
    assertThat(stored().schedule()).isEqualTo(new Schedule.Every(20));
    assertThat(stored().status().message()).isEqualTo("Contract update success!");
  }

  @Test
  void anUpdateOfTheEnvironmentAsksNoRegistry() {
    world.run(Tasks.update().env("MORE", "1").task(), "u1");

    assertThat(world.effects.calls()).noneMatch(call -> call.startsWith("images."));
    assertThat(world.function().envVars()).containsEntry("RATE", "3").containsEntry("MORE", "1");
    assertThat(stored().env()).containsEntry("RATE", "3").containsEntry("MORE", "1");
  }

  @Test
  void aChangedProgramOfTheConfiguredWatchdogCountsWhenAnImageIsGiven() {
    world.configured = new World.TestWatchdog("classic-watchdog", "0.3", false);

    world.run(Tasks.update().image("acme/currency:1").task(), "u1");

    assertThat(world.effects.changes()).contains("images.build", "gateway.deploy");
    assertThat(world.function().labels()).containsEntry("com.openfaas.fwatchdog.version", "0.3");
  }

  @Test
  void theWatchdogThatAContractChoseStaysItsOwn() {
    world.run(Tasks.update().watchdog("builtin").task(), "u1");
    world.run(Tasks.update().image("acme/currency:2").args("a b").task(), "u2");

    assertThat(world.function().labels()).containsEntry("com.openfaas.fwatchdog.version", "1.0");
    assertThat(world.function().envVars()).containsEntry("fprocess_argv", "[\"node\",\"a b\"]");
  }

  @Test
  void aWatchdogAloneKeepsTheCustomersImageThatIsDeployed() {
    world.sources.put(
        "docker.io/acme/currency:1", Digest.of("moved".getBytes(StandardCharsets.UTF_8)));

    world.run(Tasks.update().watchdog("builtin").task(), "u1");

    DeployedImage deployed =
        Objects.requireNonNull(new Journals(world.store).find(Tasks.ID)).deployed();
    assertThat(deployed).isNotNull();
    assertThat(deployed.base()).isEqualTo(Digest.of("one".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void argumentsThatTheDeployedWatchdogWouldCorruptAreRefusedAndTheStateIsPutBack() {
    markUpdating();

    assertThatThrownBy(
            () -> world.run(Tasks.update().args("a b").start(ContractState.INACTIVE).task(), "u1"))
        .isInstanceOf(InvalidInput.class);

    assertThat(world.effects.changes()).noneMatch(call -> call.startsWith("gateway"));
    assertThat(stored().status().state()).isEqualTo(ContractState.INACTIVE);
    assertThat(stored().status().message()).contains("Contract update failed");
  }

  @Test
  void aFailedUpdateLeavesTheFormerVersionServingAndItsDocumentsAsTheyWere() {
    FunctionSpec former = world.function();
    Contract before = stored();
    world.crashing.add("deno index.js");

    Outcome outcome =
        world.run(
            Tasks.update().image("acme/currency:2").cmd("deno").secret("more", "x").task(), "u1");

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(world.function()).isEqualTo(former);
    assertThat(world.images).containsExactly(before.imageDigest());
    assertThat(world.secrets).hasSize(3);
    assertThat(stored()).isEqualTo(before.withStatus(stored().status()));
    assertThat(stored().status().state()).isEqualTo(ContractState.ACTIVE);
    assertThat(stored().status().message()).contains("SyntaxError");
    assertThat(world.transactions).hasSize(1);
  }

  @Test
  void whatAFailedUpdateCannotPutBackIsNamedWithTheCommandThatDoes() {
    world.crashing.add("deno index.js");
    world.effects.broken = "images.delete";

    assertThat(world.run(Tasks.update().image("acme/currency:2").cmd("deno").task(), "u1"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.leftovers())
                    .singleElement()
                    .asString()
                    .startsWith("image sha256:")
                    .endsWith("Then run contract-builder doctor --repair"));
  }

  @Test
  void aFailedUpdateSaysWhichSecretsItCouldNotPutBack() {
    world.crashing.add("deno index.js");

    assertThat(world.run(Tasks.update().cmd("deno").secret("api-token", "x").task(), "u1"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.leftovers()).singleElement().asString().contains("api-token"));
  }

  @Test
  void anInactiveContractKeepsItsScheduleWithoutRunningItUntilItIsActive() {
    world.run(Tasks.update().desired(ContractState.INACTIVE).task(), "u1");
    assertThat(stored().schedule()).isNotNull();
    assertThat(world.schedules).isEmpty();

    world.run(Tasks.update().seconds(10).task(), "u2");
    assertThat(world.schedules).isEmpty();

    world.run(Tasks.update().desired(ContractState.ACTIVE).task(), "u3");
    assertThat(world.schedules.get(Tasks.ID.value())).contains("\"seconds\":10");
    assertThat(world.effects.changes()).doesNotContain("gateway.deploy");
  }

  @Test
  void theStateBeforeUpdatingComesBack() {
    markUpdating();

    world.run(Tasks.update().env("A", "1").start(ContractState.INACTIVE).task(), "u1");

    assertThat(stored().status().state()).isEqualTo(ContractState.INACTIVE);
  }

  @Test
  void anEqualUpdateIsARepeatUnlessTheContractIsInUpdating() {
    world.run(Tasks.update().env("A", "1").task(), "u1");
    assertThat(world.run(Tasks.update().env("A", "1").task(), "u1"))
        .isInstanceOfSatisfying(Outcome.Done.class, done -> assertThat(done.repeat()).isTrue());
    assertThat(world.transactions).hasSize(2);

    markUpdating();
    assertThat(world.run(Tasks.update().env("A", "1").start(ContractState.ACTIVE).task(), "u1"))
        .isInstanceOfSatisfying(Outcome.Done.class, done -> assertThat(done.repeat()).isFalse());
    assertThat(world.transactions).hasSize(3);
    assertThat(stored().status().state()).isEqualTo(ContractState.ACTIVE);
  }

  @Test
  void aProviderThatLowersTheScaleDoesNotMakeEveryUpdateADeployment() {
    world.communityEdition = true;
    world.run(Tasks.update().env("A", "1").task(), "u1");
    world.effects.revive();

    world.run(Tasks.update().task(), "u2");

    assertThat(world.effects.changes()).doesNotContain("gateway.deploy");
  }

  /** "only if any of image, secrets, env, cmd, args is given" */
  @ParameterizedTest
  @MethodSource("notOfTheFunction")
  void whatIsNotOfTheFunctionLeavesItAsItIsWhateverElseHasChanged(Tasks.Update update) {
    Contract before = stored();
    world.chain = new ChainIdentity("prod", "other", "public-chain-id", "https://moved.test");
    world.objects.remove("SMARTCONTRACT/" + Tasks.ID + "/faas_spec.json");
    world.effects.broken = "gateway";

    assertThat(world.run(update.task(), "u1")).isInstanceOf(Outcome.Done.class);

    assertThat(world.effects.calls()).noneMatch(call -> call.startsWith("gateway"));
    assertThat(stored().env()).isEqualTo(before.env());
    assertThat(world.function().envVars()).containsAllEntriesOf(before.env());
  }

  static List<Tasks.Update> notOfTheFunction() {
    return List.of(
        Tasks.update(),
        Tasks.update().desired(ContractState.INACTIVE),
        Tasks.update().seconds(7),
        Tasks.update().disableSchedule(),
        Tasks.update().order(ExecutionOrder.PARALLEL));
  }

  @Test
  void theNextUpdateOfTheFunctionTellsItWhatHasChanged() {
    world.chain = new ChainIdentity("prod", "other", "public-chain-id", "https://moved.test");

    world.run(Tasks.update().env("RATE", "3").task(), "u1");

    assertThat(world.function().envVars())
        .containsEntry("DRAGONCHAIN_ENDPOINT", "https://moved.test");
    assertThat(stored().env()).containsEntry("DRAGONCHAIN_ENDPOINT", "https://moved.test");
  }

  @Test
  void aRegistryThatDeletesNothingIsAWarning() {
    world.deletionAllowed = false;

    assertThat(world.run(Tasks.update().image("acme/currency:2").task(), "u1"))
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done -> assertThat(done.warnings()).singleElement().asString().contains("stays"));
  }

  @Test
  void aContractThatIsNotThereIsRefused() {
    world.run(Tasks.delete(), "d");
    world.effects.revive();

    assertThat(world.run(Tasks.update().task(), "u1")).isInstanceOf(Outcome.Failed.class);
    assertThat(world.effects.changes()).isEmpty();
  }

  @Test
  void anUpdateTakesOverWhatAKilledOneLeft() {
    // The first gets as far as a deployed function and is never seen again.
    for (int call = 0; ; call++) {
      world.effects.troubleAt(call, Effects.Trouble.KILLED_BEFORE);
      try {
        world.run(
            Tasks.update().image("acme/currency:2").env("A", "1").secret("more", "x").task(),
            "u" + call);
        break;
      } catch (Effects.Killed _) {
        world.effects.revive();
      }
    }
    world.effects.revive();

    world.run(
        Tasks.update().image("acme/currency:1").unsetSecret("more").unsetEnv("A").task(), "z");

    assertThat(world.images).containsExactly(stored().imageDigest());
    assertThat(world.secrets).hasSize(3);
    assertThat(world.function().envVars()).doesNotContainKey("A");
    assertThat(world.function().image()).endsWith(String.valueOf(stored().imageDigest()));
  }

  private void markUpdating() {
    world
        .documents()
        .save(
            stored()
                .withStatus(new Status(ContractState.UPDATING, "", stored().status().timestamp())));
    world.effects.revive();
  }

  private Contract stored() {
    return Objects.requireNonNull(world.documents().find(Tasks.ID), "no contract");
  }
}
