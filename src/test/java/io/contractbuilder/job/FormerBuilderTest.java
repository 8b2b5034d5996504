package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Status;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What another builder left half done, of which there is no journal: the ordinary jobs end it, or
 * say what they need.
 */
class FormerBuilderTest {
  private static final String METADATA = "SMARTCONTRACT/" + Tasks.ID + "/metadata.json";
  private static final String SPEC = "SMARTCONTRACT/" + Tasks.ID + "/faas_spec.json";
  private static final String JOURNAL = "CONTRACT_BUILDER/JOURNAL/" + Tasks.ID + ".json";

  private final World world = new World();

  @BeforeEach
  void aContractOfAnotherBuilder() {
    world.run(Tasks.create(), "create");
    world.objects.remove(JOURNAL);
    world.effects.revive();
  }

  @Test
  void anUpdateThatItNeverEndedIsDoneByTheNext() {
    in(ContractState.UPDATING);

    done(Tasks.update().image("acme/currency:2").start(ContractState.ACTIVE).task());
    assertThat(contract().status().state()).isEqualTo(ContractState.ACTIVE);
    assertThat(world.images).containsExactly(contract().imageDigest());
  }

  @ParameterizedTest
  @EnumSource(names = {"DELETING", "DELETE_FAILED", "ERROR"})
  void whatItCouldNotDeleteIsDeleted(ContractState state) {
    in(state);
    world.functions.clear();
    world.secrets.remove("sc-" + Tasks.ID + "-api-token");

    done(Tasks.delete());
    nothingIsLeft();
  }

  @Test
  void aContractInErrorIsCreatedAnew() {
    in(ContractState.ERROR);

    done(Tasks.create());
    assertThat(contract().status().state()).isEqualTo(ContractState.ACTIVE);
  }

  @Test
  void aFunctionWhoseImageIsGoneIsBuiltAgainFromTheSameImage() {
    world.images.clear();

    done(Tasks.update().image("acme/currency:1").task());
    assertThat(world.images).containsExactly(contract().imageDigest());
    assertThat(world.effects.calls()).contains("gateway.deploy");
  }

  @Test
  void alsoWhereThisProgramBuiltItBefore() {
    done(Tasks.update().image("acme/currency:2").task());
    world.images.clear();
    world.effects.revive();

    done("again", Tasks.update().image("acme/currency:2").task());
    assertThat(world.images).containsExactly(contract().imageDigest());
    assertThat(world.effects.calls()).contains("images.build", "gateway.deploy");
  }

  @Test
  void anUpdateThatFailsAsTheImageIsGoneSaysSo() {
    world.images.clear();
    world.crashing.add("node index.js");

    assertThat(world.run(Tasks.update().env("MORE", "1").task(), "u"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.reason())
                    .contains("is not there any more", "with its image given", "it crashes"));
  }

  @Test
  void aFunctionWhoseImageIsGoneIsDeleted() {
    world.images.clear();

    done(Tasks.delete());
    nothingIsLeft();
  }

  @Test
  void secretsThatAreHalfThereAreNamedAndCompletedByAnUpdate() {
    world.secrets.remove("sc-" + Tasks.ID + "-api-token");
    assertThat(world.run(Tasks.update().env("MORE", "1").task(), "u1"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).contains("sc-" + Tasks.ID + "-api-token"));

    done("u2", Tasks.update().secret("api-token", "new").task());
    assertThat(world.secret("api-token")).isEqualTo("new");
    done("d", Tasks.delete());
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStoredEnvironmentThatLostItsVariablesHasTheInjectedOnesAgain(boolean specStored) {
    Contract whole = contract();
    if (!specStored) {
      world.objects.remove(SPEC);
    }
    world.storeEnvironment(whole, Map.of());

    done(Tasks.update().env("RATE", "4").task());
    assertThat(world.function().envVars())
        .containsEntry("RATE", "4")
        .containsEntry("SMART_CONTRACT_ID", Tasks.ID.value())
        .containsEntry("DRAGONCHAIN_ID", "public-chain-id");
    assertThat(contract().env()).containsEntry("SMART_CONTRACT_NAME", "currency");
  }

  @Test
  void aContractThatWasNeverStoredIsCreatedOverWhatThereIs() {
    world.objects.remove(METADATA);
    world.objects.remove(SPEC);

    done(Tasks.create());
    assertThat(contract().status().state()).isEqualTo(ContractState.ACTIVE);
    assertThat(world.functions).hasSize(1);
    assertThat(world.images).hasSize(1);
    assertThat(world.secrets).hasSize(3);
  }

  @Test
  void aContractThatWasNeverStoredIsDeletedButForTheKeyThatNobodyKnows() {
    world.objects.remove(METADATA);
    world.objects.remove(SPEC);

    done(Tasks.delete());
    assertThat(world.functions).isEmpty();
    assertThat(world.images).isEmpty();
    assertThat(world.secrets).isEmpty();
    assertThat(world.schedules).isEmpty();
    // Found by contract-builder doctor.
    assertThat(world.objects.keySet()).filteredOn(key -> key.startsWith("KEYS/")).hasSize(1);
  }

  @Test
  void aContractWhoseKeyIsGoneIsUpdatedAndDeleted() {
    world.objects.remove("KEYS/" + contract().authKeyId());

    done("u", Tasks.update().env("MORE", "1").task());
    done("d", Tasks.delete());
    nothingIsLeft();
  }

  @Test
  void aTypeThatIsAnothersCannotBeCreatedOnceMore() {
    world.objects.put(
        "TRANSACTION_TYPES/TYPES/currency",
        "{\"version\":\"2\",\"contract_id\":\"9f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c\"}"
            .getBytes(StandardCharsets.US_ASCII));
    world.objects.remove(METADATA);

    assertThat(world.run(Tasks.create(), "c"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.reason())
                    .contains("currency", "9f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c"));
    // What is there already can be worked on, and its neighbour's type stays.
    done("d", Tasks.delete());
    assertThat(world.objects).containsKey("TRANSACTION_TYPES/TYPES/currency");
  }

  private void in(ContractState state) {
    world.documents().save(contract().withStatus(new Status(state, "", Instant.EPOCH)));
    world.effects.revive();
  }

  private void done(io.contractbuilder.contract.ContractTask task) {
    done("task", task);
  }

  private void done(String identity, io.contractbuilder.contract.ContractTask task) {
    assertThat(world.run(task, identity)).isInstanceOf(Outcome.Done.class);
  }

  private void nothingIsLeft() {
    assertThat(world.functions).isEmpty();
    assertThat(world.secrets).isEmpty();
    assertThat(world.images).isEmpty();
    assertThat(world.schedules).isEmpty();
    assertThat(world.objects).containsOnlyKeys(JOURNAL);
  }

  private Contract contract() {
    return Objects.requireNonNull(world.documents().find(Tasks.ID));
  }
}
