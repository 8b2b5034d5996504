package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeleteJobTest {
  private static final String TOMBSTONE = "CONTRACT_BUILDER/JOURNAL/" + Tasks.ID + ".json";
  private static final String TYPE = "TRANSACTION_TYPES/TYPES/currency";
  private final World world = new World();

  @BeforeEach
  void aContractWithAHeap() {
    world.run(Tasks.create(), "create");
    world.objects.put("SMARTCONTRACT/" + Tasks.ID + "/HEAP/a/b", new byte[] {1});
    type(Tasks.ID.value());
    world.indexed.add(Tasks.ID.value());
    world.effects.revive();
  }

  @Test
  void removesEverythingInItsOrderAndLedgersOnce() {
    assertThat(world.run(Tasks.delete(), "d1")).isInstanceOf(Outcome.Done.class);

    assertThat(world.effects.changes())
        .map(call -> call.replaceAll("SC_[A-Z]{12}", "KEY").replace(Tasks.ID.value(), "ID"))
        .containsExactly(
            "store.put SMARTCONTRACT/ID/metadata.json",
            "scheduler.unschedule",
            "gateway.deleteSecret api-token",
            "gateway.deleteSecret secret-key",
            "gateway.deleteSecret auth-key-id",
            "gateway.deleteFunction",
            "images.delete",
            "store.delete SMARTCONTRACT/ID/HEAP/a/b",
            "store.delete SMARTCONTRACT/ID/faas_spec.json",
            "index.remove",
            "store.delete TRANSACTION_TYPES/TYPES/currency",
            "store.delete KEYS/KEY",
            "ledger.append delete",
            "store.delete SMARTCONTRACT/ID/metadata.json");
    assertNothingIsLeft();
  }

  @Test
  void aGatewayThatSaysNothingIsNotWaitedForOncePerSecret() {
    world.effects.broken = "gateway.deleteSecret";
    world.effects.silent = true;

    assertThat(world.run(Tasks.delete(), "d1")).isInstanceOf(Outcome.Retry.class);

    assertThat(world.effects.calls()).filteredOn(call -> call.contains("Secret")).hasSize(1);
    world.effects.broken = null;
    assertThat(world.run(Tasks.delete(), "d1")).isInstanceOf(Outcome.Done.class);
    assertNothingIsLeft();
  }

  @Test
  void aGatewayThatOnlySaysThatItRemovedASecretIsNotBelieved() {
    world.secretsStay = true;

    Outcome outcome = world.run(Tasks.delete(), "d1");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry ->
                assertThat(retry.reason())
                    .contains("still lists them: sc-" + Tasks.ID + "-api-token"));
    assertThat(Objects.requireNonNull(world.documents().find(Tasks.ID)).status().state())
        .isEqualTo(ContractState.DELETE_FAILED);

    world.secretsStay = false;
    assertThat(world.run(Tasks.delete(), "d1")).isInstanceOf(Outcome.Done.class);
    assertNothingIsLeft();
  }

  @Test
  void theTombstoneHoldsNoMoreThanIdentityTransactionAndTimes() throws Exception {
    world.run(Tasks.delete(), "d1");

    assertThat(Json.read(Objects.requireNonNull(world.objects.get(TOMBSTONE))).fieldNames())
        .toIterable()
        .containsExactly(
            "version",
            "contract",
            "type",
            "identity",
            "action",
            "transaction_id",
            "state",
            "started",
            "ended");
  }

  @Test
  void aDeletedContractsTombstoneIsPrunedAfterSevenDays() {
    world.run(Tasks.delete(), "d1");
    byte[] tombstone = Objects.requireNonNull(world.objects.get(TOMBSTONE));
    String other = Tasks.ID.value().replace('8', '7');
    world.objects.put(
        "CONTRACT_BUILDER/JOURNAL/" + other + ".json",
        new String(tombstone, StandardCharsets.US_ASCII)
            .replace(Tasks.ID.value(), other)
            .getBytes(StandardCharsets.US_ASCII));

    world.pass(Duration.ofDays(6));
    world.run(Tasks.create(), "again");
    world.run(Tasks.delete(), "d2");
    assertThat(world.objects).hasSize(2);

    // One that cannot be read is another contract's affair.
    String damaged = "CONTRACT_BUILDER/JOURNAL/" + Tasks.ID.value().replace('8', '6') + ".json";
    world.objects.put(damaged, new byte[] {'{'});
    world.pass(Duration.ofDays(1).plusMinutes(1));
    world.run(Tasks.create(), "and again");
    world.run(Tasks.delete(), "d3");
    assertThat(world.objects).containsOnlyKeys(TOMBSTONE, damaged);
  }

  @Test
  void aRepeatDoesNothing() {
    world.run(Tasks.delete(), "d1");
    world.effects.revive();

    assertThat(world.run(Tasks.delete(), "d1")).isInstanceOf(Outcome.Done.class);
    assertThat(world.run(Tasks.delete(), "d2")).isInstanceOf(Outcome.Done.class);
    assertThat(world.effects.changes()).isEmpty();
    assertThat(world.transactions).hasSize(2);
  }

  @Test
  void aContractOfWhichNothingWasBuiltIsNoError() {
    var empty = new World();

    assertThat(empty.run(Tasks.delete(), "d1")).isInstanceOf(Outcome.Done.class);
    assertThat(empty.transactions).hasSize(1);
  }

  @Test
  void whatCannotBeRemovedKeepsTheContractAndTheRestIsRemoved() {
    int call = indexOf("gateway.deleteFunction");
    world.effects.retryHelps(false);
    world.effects.troubleAt(call, Effects.Trouble.FAILS_BEFORE);

    assertThat(world.run(Tasks.delete(), "d1")).isInstanceOf(Outcome.Failed.class);

    Contract contract = Objects.requireNonNull(world.documents().find(Tasks.ID));
    assertThat(contract.status().state()).isEqualTo(ContractState.DELETE_FAILED);
    assertThat(contract.status().message()).contains("deleteFunction").contains("Mend it");
    assertThat(world.functions).hasSize(1);
    assertThat(world.secrets).isEmpty();
    assertThat(world.images).isEmpty();
    assertThat(world.transactions).hasSize(1);

    world.effects.revive();
    assertThat(world.run(Tasks.delete(), "another")).isInstanceOf(Outcome.Done.class);
    assertNothingIsLeft();
    assertThat(world.transactions).hasSize(2);
  }

  @Test
  void metadataThatCannotBeRemovedKeepTheContractAndTheDeletionIsLedgeredOnce() {
    world.effects.broken = "store.delete SMARTCONTRACT/" + Tasks.ID + "/metadata.json";

    assertThat(world.run(Tasks.delete(), "d1")).isInstanceOf(Outcome.Retry.class);

    Contract contract = Objects.requireNonNull(world.documents().find(Tasks.ID));
    assertThat(contract.status().state()).isEqualTo(ContractState.DELETE_FAILED);
    assertThat(contract.status().message())
        .startsWith("Deletion failed: All is done but for the last steps. ")
        .contains("metadata.json");
    assertThat(world.transactions).hasSize(2);

    world.effects.broken = null;
    assertThat(world.run(Tasks.delete(), "another")).isInstanceOf(Outcome.Done.class);
    assertNothingIsLeft();
    assertThat(world.transactions).hasSize(2);
  }

  @Test
  void secretsThatOnlyTheGatewayKnowsAreRemovedAndOthersAreNot() {
    world.secrets.put("sc-" + Tasks.ID + "-forgotten", new Secret("x"));
    String other = "sc-" + Tasks.ID.value().replace('8', '7') + "-api-token";
    world.secrets.put(other, new Secret("x"));

    world.run(Tasks.delete(), "d1");

    assertThat(world.secrets).containsOnlyKeys(other);
  }

  @Test
  void aTransactionTypeOfAnotherContractStays() {
    type("another");

    world.run(Tasks.delete(), "d1");

    assertThat(world.objects).containsKey(TYPE);
  }

  @Test
  void aRegistryThatDeletesNothingIsAWarning() {
    world.deletionAllowed = false;

    assertThat(world.run(Tasks.delete(), "d1"))
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done -> assertThat(done.warnings()).singleElement().asString().contains("stays"));
    assertThat(world.functions).isEmpty();
  }

  private int indexOf(String wanted) {
    var twin = new World();
    twin.run(Tasks.create(), "create");
    twin.objects.put("SMARTCONTRACT/" + Tasks.ID + "/HEAP/a/b", new byte[] {1});
    twin.effects.revive();
    twin.run(Tasks.delete(), "d1");
    return twin.effects.calls().indexOf(wanted);
  }

  private void type(String contract) {
    world.objects.put(
        TYPE, ("{\"contract_id\":\"" + contract + "\"}").getBytes(StandardCharsets.US_ASCII));
  }

  private void assertNothingIsLeft() {
    assertThat(world.objects).containsOnlyKeys(TOMBSTONE);
    assertThat(world.functions).isEmpty();
    assertThat(world.secrets).isEmpty();
    assertThat(world.images).isEmpty();
    assertThat(world.schedules).isEmpty();
    assertThat(world.indexed).isEmpty();
  }
}
