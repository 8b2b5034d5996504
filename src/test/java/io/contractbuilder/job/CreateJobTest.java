package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.Status;
import io.contractbuilder.storage.disk.DiskObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CreateJobTest {
  private static final String FUNCTION = "contract-" + Tasks.ID;
  private final World world = new World();

  @Test
  void doesWhatTheReferencesFlowSaysInItsOrder() {
    assertThat(world.run(Tasks.create(), "t1")).isInstanceOf(Outcome.Done.class);

    assertThat(world.effects.changes())
        .map(call -> call.replaceAll("SC_[A-Z]{12}", "KEY").replace(Tasks.ID.value(), "ID"))
        .containsExactly(
            "images.build",
            "store.put KEYS/KEY",
            "gateway.putSecret api-token",
            "gateway.putSecret secret-key",
            "gateway.putSecret auth-key-id",
            "gateway.deploy",
            "scheduler.schedule",
            "ledger.append create",
            "store.put SMARTCONTRACT/ID/faas_spec.json",
            "store.put SMARTCONTRACT/ID/metadata.json");
  }

  @Test
  void warnsOfAScheduleThatNeverComes() {
    CreateContract task = Tasks.create();
    var never = new Schedule.Cron(CronExpression.parse("0 0 31 2 *"));
    Outcome outcome =
        world.run(
            new CreateContract(
                task.id(),
                task.type(),
                task.image(),
                task.auth(),
                task.cmd(),
                task.args(),
                task.env(),
                task.secrets(),
                never,
                task.executionOrder(),
                null),
            "t1");

    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    assertThat(((Outcome.Done) outcome).warnings()).singleElement().asString().contains("never");
    assertThat(world.schedules).hasSize(1);
  }

  @Test
  void aScheduleOfOneThatWasCutOffDoesNotStay() {
    var undisturbed = new World();
    undisturbed.run(Tasks.create(), "t1");
    int scheduled = undisturbed.effects.calls().indexOf("scheduler.schedule");
    world.effects.troubleAt(scheduled, Effects.Trouble.KILLED_AFTER);
    assertThatThrownBy(() -> world.run(Tasks.create(), "t1")).isInstanceOf(Effects.Killed.class);
    assertThat(world.schedules).hasSize(1);
    world.effects.revive();
    CreateContract task = Tasks.create();
    var another =
        new CreateContract(
            task.id(),
            task.type(),
            task.image(),
            task.auth(),
            task.cmd(),
            task.args(),
            task.env(),
            task.secrets(),
            null,
            task.executionOrder(),
            null);

    assertThat(world.run(another, "t2")).isInstanceOf(Outcome.Done.class);

    assertThat(world.schedules).isEmpty();
  }

  @Test
  void leavesAnActiveContractWithOneOfEach() {
    world.run(Tasks.create(), "t1");

    Contract contract = stored();
    assertThat(contract.status().state()).isEqualTo(ContractState.ACTIVE);
    assertThat(contract.status().message()).isEqualTo("Creation success");
    assertThat(contract.existingSecrets())
        .containsExactly("api-token", "secret-key", "auth-key-id");
    assertThat(contract.env())
        .containsEntry("RATE", "3")
        .containsEntry("SMART_CONTRACT_ID", Tasks.ID.value())
        .containsEntry("SMART_CONTRACT_NAME", "currency")
        .containsEntry("STAGE", "test")
        .containsEntry("INTERNAL_ID", "internal")
        .containsEntry("DRAGONCHAIN_ID", "public-chain-id")
        .containsEntry("DRAGONCHAIN_ENDPOINT", "https://chain.test")
        .hasSize(7);
    assertThat(world.images).containsExactly(contract.imageDigest());
    assertThat(world.functions).containsOnlyKeys(FUNCTION);
    assertThat(world.secrets).hasSize(3);
    assertThat(world.schedules).containsOnlyKeys(Tasks.ID.value());
    assertThat(world.transactions.values())
        .singleElement()
        .satisfies(
            transaction -> {
              assertThat(transaction.entrypoint()).isEqualTo("node index.js");
              assertThat(transaction.imageDigest()).isEqualTo(contract.imageDigest());
            });
  }

  @Test
  void theContractsKeyIsInItsSecrets() {
    world.run(Tasks.create(), "t1");

    String id = stored().authKeyId();
    assertThat(world.secret("auth-key-id")).isEqualTo(id);
    assertThat(new String(world.objects.get("KEYS/" + id), StandardCharsets.UTF_8))
        .contains(world.secret("secret-key"));
  }

  @Test
  void aRepeatOfTheSameTaskDoesNothing() {
    world.run(Tasks.create(), "t1");
    world.effects.revive();

    assertThat(world.run(Tasks.create(), "t1"))
        .isInstanceOfSatisfying(Outcome.Done.class, done -> assertThat(done.repeat()).isTrue());
    assertThat(world.effects.changes()).isEmpty();
  }

  @Test
  void anotherCreateOfTheSameContractIsRefusedAndHarmsNothing() {
    world.run(Tasks.create(), "t1");
    world.effects.revive();

    assertThat(world.run(Tasks.create(), "t2")).isInstanceOf(Outcome.Failed.class);
    assertThat(world.effects.changes()).isEmpty();
    assertThat(stored().status().state()).isEqualTo(ContractState.ACTIVE);
  }

  @Test
  void whatAFailedCreateCannotTakeAwayIsNamedWithTheCommandThatDoes() {
    world.crashing.add("node index.js");
    world.effects.broken = "images.delete";

    assertThat(world.run(Tasks.create(), "t1"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.leftovers())
                    .singleElement()
                    .asString()
                    .startsWith("image sha256:")
                    .endsWith("Then run contract-builder delete " + Tasks.ID));

    world.effects.broken = null;
    assertThat(world.run(Tasks.delete(), "t2")).isInstanceOf(Outcome.Done.class);
    assertThat(world.images).isEmpty();
  }

  @Test
  void whatAFailedCreateMadeIsTakenAwayInReverse() {
    world.crashing.add("node index.js");

    assertThat(world.run(Tasks.create(), "t1"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.reason()).contains("SyntaxError");
              assertThat(failed.leftovers()).isEmpty();
            });

    List<String> changes = world.effects.changes();
    assertThat(changes.subList(changes.indexOf("gateway.deploy") + 1, changes.size()))
        .map(call -> call.replaceAll("SC_[A-Z]{12}", "KEY").replace(Tasks.ID.value(), "ID"))
        .containsExactly(
            "gateway.deleteFunction",
            "gateway.deleteSecret api-token",
            "gateway.deleteSecret secret-key",
            "gateway.deleteSecret auth-key-id",
            "store.delete KEYS/KEY",
            "images.delete",
            "store.put SMARTCONTRACT/ID/metadata.json");
    assertNothingIsLeft();
    assertThat(stored().status().state()).isEqualTo(ContractState.ERROR);
    assertThat(stored().status().message()).contains("Creation failed").contains("SyntaxError");
    assertThat(stored().imageDigest()).isNull();
    assertThat(stored().authKeyId()).isNull();
    assertThat(stored().existingSecrets()).isEmpty();
  }

  @Test
  void anArgumentThatTheWatchdogWouldCorruptIsRefusedBeforeAnythingIsDone() {
    assertThatThrownBy(() -> world.run(Tasks.create(List.of("a b", "", "c"), null), "t1"))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            invalid ->
                assertThat(invalid.violations())
                    .extracting(violation -> violation.path())
                    .containsExactly("$.args[0]", "$.args[1]"));
    assertIsRefused("$.args[0]");
  }

  @Test
  void anyArgumentReachesAFunctionBehindAWatchdogThatCarriesIt() {
    world.run(Tasks.create(List.of("a b", ""), "builtin"), "t1");

    assertThat(world.function().envVars())
        .containsEntry("fprocess_argv", "[\"node\",\"a b\",\"\"]");
    assertThat(world.function().envProcess()).isEqualTo("node a b ");
    assertThat(stored().env()).doesNotContainKey("fprocess_argv");
  }

  @Test
  void aTypeThatIsAnothersIsRefusedAndStaysTheOthers() {
    byte[] type =
        "{\"contract_id\":\"9f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c\"}"
            .getBytes(StandardCharsets.US_ASCII);
    world.objects.put("TRANSACTION_TYPES/TYPES/currency", type);

    assertThat(world.run(Tasks.create(), "t1")).isInstanceOf(Outcome.Failed.class);

    assertThat(world.objects.remove("TRANSACTION_TYPES/TYPES/currency")).isEqualTo(type);
    assertIsRefused("is contract 9f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c's");
  }

  @Test
  void aRefusedCreateIsToldToTheContractThatWaitsForIt() {
    assertThatThrownBy(() -> world.run(Tasks.create(List.of("a b"), null), "t1"))
        .isInstanceOf(InvalidInput.class);
    world
        .documents()
        .save(stored().withStatus(new Status(ContractState.PENDING, "", Instant.EPOCH)));
    world.effects.revive();

    assertThatThrownBy(() -> world.run(Tasks.create(List.of("a", ""), null), "t2"))
        .isInstanceOf(InvalidInput.class);
    assertIsRefused("$.args[1]");
  }

  /** Nothing is done but that its contract says why. */
  private void assertIsRefused(String why) {
    assertThat(world.effects.changes())
        .containsExactly("store.put SMARTCONTRACT/" + Tasks.ID + "/metadata.json");
    assertThat(world.objects).containsOnlyKeys("SMARTCONTRACT/" + Tasks.ID + "/metadata.json");
    assertThat(stored().status().state()).isEqualTo(ContractState.ERROR);
    assertThat(stored().status().message()).startsWith("Creation failed: ").contains(why);
  }

  @Test
  void aWatchdogThatCannotBeHadLeavesAContractInError() {
    assertThat(world.run(Tasks.create(List.of(), "nowhere"), "t1"))
        .isInstanceOf(Outcome.Failed.class);

    assertThat(stored().status().state()).isEqualTo(ContractState.ERROR);
    assertNothingIsLeft();
  }

  @Test
  void aRequestToStopTakesBackWhatWasMadeAndLetsTheTaskRunAgain() {
    world.cancelled = true;
    assertThat(world.run(Tasks.create(), "t1")).isInstanceOf(Outcome.Retry.class);
    assertNothingIsLeft();

    world.cancelled = false;
    assertThat(world.run(Tasks.create(), "t1")).isInstanceOf(Outcome.Done.class);
    assertThat(stored().status().state()).isEqualTo(ContractState.ACTIVE);
  }

  @Test
  void anInterruptedThreadStaysInterrupted() {
    Thread.currentThread().interrupt();

    assertThat(world.run(Tasks.create(), "t1")).isInstanceOf(Outcome.Retry.class);
    assertThat(Thread.interrupted()).isTrue();
    assertNothingIsLeft();
  }

  /** The disk's own word for it is that a channel was closed. */
  @Test
  void anInterruptedThreadBlamesNoDisk(@TempDir Path folder) {
    var onDisk = new World(new DiskObjectStore(folder));
    Thread.currentThread().interrupt();

    Outcome outcome = onDisk.run(Tasks.create(), "t1");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.reason()).isEqualTo("Interrupted. Run the same again"));
    assertThat(onDisk.store.list("")).isEmpty();
  }

  @Test
  void aResumedBuildStaysWithTheImageThatItsTagNamedFirst() {
    var twin = new World();
    twin.run(Tasks.create(), "t1");
    world.effects.troubleAt(
        twin.effects.calls().indexOf("images.build"), Effects.Trouble.KILLED_AFTER);
    assertThatThrownBy(() -> world.run(Tasks.create(), "t1")).isInstanceOf(Effects.Killed.class);
    world.effects.revive();
    world.sources.put(
        "docker.io/acme/currency:1", Digest.of("moved".getBytes(StandardCharsets.UTF_8)));

    assertThat(world.run(Tasks.create(), "t1")).isInstanceOf(Outcome.Done.class);

    assertThat(world.images).containsExactlyElementsOf(twin.images);
  }

  @Test
  void whatTheChainWasToldOfIsNotTakenBack() {
    world.effects.broken = "store.put SMARTCONTRACT";

    assertThat(world.run(Tasks.create(), "t1")).isInstanceOf(Outcome.Retry.class);
    assertThat(world.functions).hasSize(1);
    assertThat(world.transactions).hasSize(1);

    world.effects.broken = null;
    assertThat(world.run(Tasks.update().env("A", "1").task(), "u1"))
        .isInstanceOf(Outcome.Done.class);
    assertThat(stored().env()).containsEntry("RATE", "3").containsEntry("A", "1");
    assertThat(world.transactions.values())
        .extracting(transaction -> transaction.action())
        .containsExactly("create", "update");
  }

  @Test
  void aStorageThatCannotBeWrittenLetsNothingBegin() {
    world.effects.broken = "store.put CONTRACT_BUILDER";

    assertThat(world.run(Tasks.create(), "t1")).isInstanceOf(Outcome.Retry.class);
    assertThat(world.effects.changes()).isEmpty();
  }

  @Test
  void noSecretIsInJournalMetadataLedgerOrMessages() {
    world.effects.troubleAt(20, Effects.Trouble.FAILS_AFTER);
    Outcome failed = world.run(Tasks.create(), "t1");
    world.effects.revive();
    world.run(Tasks.create(), "t1");

    String key = world.secret("secret-key");
    world.objects.forEach(
        (name, value) -> {
          String text = new String(value, StandardCharsets.UTF_8);
          assertThat(text).doesNotContain(Tasks.CANARY);
          if (!name.startsWith("KEYS/")) {
            assertThat(text).doesNotContain(key);
          }
        });
    assertThat(world.told.toString() + failed + world.transactions)
        .doesNotContain(Tasks.CANARY)
        .doesNotContain(key);
  }

  private void assertNothingIsLeft() {
    assertThat(world.functions).isEmpty();
    assertThat(world.secrets).isEmpty();
    assertThat(world.images).isEmpty();
    assertThat(world.schedules).isEmpty();
    assertThat(world.transactions).isEmpty();
    assertThat(world.objects.keySet()).noneMatch(key -> key.startsWith("KEYS/"));
  }

  private Contract stored() {
    Contract contract = world.documents().find(Tasks.ID);
    assertThat(contract).isNotNull();
    return contract;
  }
}
