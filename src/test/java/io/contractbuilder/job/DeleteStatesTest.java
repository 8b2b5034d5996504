package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ArgumentRules;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.ContractTaskReader;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.Status;
import io.contractbuilder.contract.TransactionType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Deletes of a contract in each state that it can be in: nothing of it is left, nothing else goes.
 */
class DeleteStatesTest {
  private static final String TOMBSTONE = "CONTRACT_BUILDER/JOURNAL/" + Tasks.ID + ".json";

  /** The webserver's undo of a registration that failed: the create's fields, and nothing built. */
  private static final String UNDO =
      """
      {"version":"1","task_type":"delete","txn_type":"%s","id":"%s",
       "auth":"YWNtZTpzM2NyM3Q=","image":"docker.io/acme/currency:1","cmd":"node",
       "args":["index.js"],"secrets":{"api-token":"s3cr3t"},"existing_secrets":null,
       "image_digest":null,"env":{"RATE":"3"},"cron":null,"seconds":30,
       "execution_order":"serial","start_state":null,"desired_state":null,
       "disable_schedule":null,"auth_key_id":null}
      """;

  private final World world = new World();

  /** A neighbour whose every name is near to the contract's own. */
  private final Set<String> neighbours = new TreeSet<>();

  @ParameterizedTest
  @EnumSource
  void aCompleteContractOfAnyStateIsGone(ContractState state) {
    create(world);
    furnish(world, "currency");
    Contract contract = Objects.requireNonNull(world.documents().find(Tasks.ID));
    world.documents().save(contract.withStatus(new Status(state, "", Instant.EPOCH)));

    assertDeleted(world, Tasks.delete(), 2);
  }

  @ParameterizedTest
  @EnumSource(names = {"KILLED_AFTER", "FAILS_AFTER"})
  void aContractThatIsHalfCreatedIsGone(Effects.Trouble trouble) {
    var counted = new World();
    counted.run(Tasks.create(), "create");
    int calls = counted.effects.count();
    assertThat(calls).isGreaterThan(10);
    for (int call = 0; call < calls; call++) {
      var half = new World();
      half.effects.troubleAt(call, trouble);
      try {
        half.run(Tasks.create(), "create");
      } catch (Effects.Killed _) {
        // As it happens.
      }
      half.effects.revive();
      furnish(half, "currency");

      int ledgered = half.transactions.size();
      assertDeleted(half, task(UNDO.formatted("currency", Tasks.ID)), ledgered + 1);
    }
  }

  @Test
  void aContractWithoutAnImageIsGone() {
    create(world);
    Contract contract = Objects.requireNonNull(world.documents().find(Tasks.ID));
    Objects.requireNonNull(contract.imageDigest());
    world.images.clear();
    world
        .documents()
        .save(
            new Contract(
                contract.type(),
                contract.id(),
                contract.status(),
                contract.image(),
                contract.authKeyId(),
                null,
                contract.cmd(),
                contract.args(),
                contract.env(),
                contract.existingSecrets(),
                contract.schedule(),
                contract.executionOrder()));

    assertDeleted(world, Tasks.delete(), 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"currency", "sc", "bk", "tx", "ver"})
  void aContractThatWasNeverBuiltIsGoneWithItsType(String type) {
    furnish(world, type);

    assertDeleted(world, task(UNDO.formatted(type, Tasks.ID)), 1);
    // Its undo asked for nothing that only a contract that was built has.
    assertThat(world.effects.calls()).noneMatch(call -> call.startsWith("images."));
  }

  @Test
  void aSecondDeleteChangesNothingWhoeverAsks() {
    create(world);
    furnish(world, "currency");
    assertDeleted(world, Tasks.delete(), 2);
    world.effects.revive();

    assertDeleted(world, task(UNDO.formatted("currency", Tasks.ID)), 2);
    assertThat(world.effects.changes()).isEmpty();
  }

  @Test
  void aHeapOfTenThousandObjectsIsGoneAndItsNeighboursStay() {
    create(world);
    furnish(world, "currency");
    for (int i = 0; i < 10_000; i++) {
      put(world, "SMARTCONTRACT/" + Tasks.ID + "/HEAP/" + i % 100 + "/" + i, "{}");
    }
    keep("SMARTCONTRACT/" + Tasks.ID + "0/HEAP/a");
    keep("SMARTCONTRACT/" + Tasks.ID);
    keep("TRANSACTION_TYPES/TYPES/currency-2");
    keep("TRANSACTION_TYPES/TYPES/CURRENCY");
    keep("KEYS/SC_ABCDEFGHIJKL");

    assertDeleted(world, Tasks.delete(), 2);
  }

  @Test
  void whatAnEventKnowsServesWhereNothingIsStored() {
    create(world);
    Contract contract = Objects.requireNonNull(world.documents().find(Tasks.ID));
    world.objects.remove("SMARTCONTRACT/" + Tasks.ID + "/metadata.json");
    world.objects.remove(TOMBSTONE);

    assertDeleted(
        world,
        new DeleteContract(
            Tasks.ID,
            new TransactionType("currency"),
            contract.imageDigest(),
            contract.authKeyId(),
            List.of()),
        2);
  }

  private void assertDeleted(World place, ContractTask task, int ledgered) {
    assertThat(place.run(task, "delete " + place.transactions.size()))
        .isInstanceOf(Outcome.Done.class);
    var left = new TreeSet<>(place.objects.keySet());
    assertThat(left).containsAll(neighbours);
    left.removeAll(neighbours);
    assertThat(left).containsExactly(TOMBSTONE);
    assertThat(place.functions).isEmpty();
    assertThat(place.secrets).isEmpty();
    assertThat(place.images).isEmpty();
    assertThat(place.schedules).isEmpty();
    assertThat(place.indexed).isEmpty();
    assertThat(place.transactions).hasSize(ledgered);
    assertThat(List.copyOf(place.transactions.values()).getLast().action()).isEqualTo("delete");
  }

  private static void create(World place) {
    place.run(Tasks.create(), "create");
    place.effects.revive();
  }

  /** What the webserver and the contract itself have made. */
  private static void furnish(World place, String type) {
    put(
        place,
        "TRANSACTION_TYPES/TYPES/" + type,
        ("{\"version\":\"2\",\"txn_type\":\"%s\",\"custom_indexes\":[{\"path\":\"$.a\","
                + "\"field_name\":\"a\",\"type\":\"text\"}],\"contract_id\":\"%s\","
                + "\"active_since_block\":\"7\"}")
            .formatted(type, Tasks.ID));
    place.indexed.add(Tasks.ID.value());
    if (place.documents().find(Tasks.ID) != null) {
      put(place, "SMARTCONTRACT/" + Tasks.ID + "/HEAP/a", "1");
    }
    place.effects.revive();
  }

  private void keep(String key) {
    neighbours.add(key);
    put(world, key, "{\"contract_id\":\"another\"}");
  }

  private static void put(World place, String key, String value) {
    place.objects.put(key, value.getBytes(StandardCharsets.US_ASCII));
  }

  private static ContractTask task(String event) {
    return new ContractTaskReader(ContractTaskReader.Origin.EVENT, _ -> ArgumentRules.ANY)
        .read(event.getBytes(StandardCharsets.US_ASCII));
  }
}
