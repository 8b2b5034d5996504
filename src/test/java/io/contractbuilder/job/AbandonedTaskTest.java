package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chain is told of a task that no job brought to its end. */
class AbandonedTaskTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  private final World world = new World();
  private final ContractDocuments documents = new ContractDocuments(world.store);

  @BeforeEach
  void aContract() {
    world.run(Tasks.create(), "create");
  }

  private Contract stored() {
    return Objects.requireNonNull(documents.find(Tasks.ID));
  }

  private void give(ContractState state, String action, String start) {
    documents.save(stored().withStatus(new Status(state, "", Instant.EPOCH)));
    tell(action, start);
  }

  private void tell(String action, String start) {
    new AbandonedTask(documents, world.parts().lock(), Duration.ofSeconds(1))
        .tell(Tasks.ID, Tasks.TYPE, action, start, "no JSON", NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "UPDATING, update, inactive, INACTIVE, Contract update failed: no JSON",
    "UPDATING, update, active, ACTIVE, Contract update failed: no JSON",
    "UPDATING, '', '', ACTIVE, Contract update failed: no JSON",
    "DELETING, delete, '', DELETE_FAILED, Deletion failed: no JSON",
    "PENDING, create, '', ERROR, Creation failed: no JSON",
  })
  void aContractThatWaitsForItWaitsNoLonger(
      ContractState state, String action, String start, ContractState after, String message) {
    give(state, action, start);
    assertThat(stored().status()).isEqualTo(new Status(after, message, NOW));
  }

  @ParameterizedTest
  @CsvSource({"UPDATING, delete", "DELETING, update", "ACTIVE, update", "ERROR, create"})
  void aContractThatWaitsForAnotherTaskOrNoneStaysAsItIs(ContractState state, String action) {
    give(state, action, "");
    assertThat(stored().status()).isEqualTo(new Status(state, "", Instant.EPOCH));
  }

  @Test
  void aContractThatWasNeverMadeHasItsTypeAndTheReason() {
    documents.removeMetadata(Tasks.ID);
    tell("create", "");
    assertThat(stored().type()).isEqualTo(Tasks.TYPE);
    assertThat(stored().status())
        .isEqualTo(new Status(ContractState.ERROR, "Creation failed: no JSON", NOW));

    assertThat(world.run(Tasks.delete(), "d")).isInstanceOf(Outcome.Done.class);
    assertThat(documents.find(Tasks.ID)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"update", "delete", ""})
  void aContractThatIsNotThereIsNotMadeByAnythingElse(String action) {
    documents.removeMetadata(Tasks.ID);
    tell(action, "");
    assertThat(documents.find(Tasks.ID)).isNull();
  }

  @Test
  void aContractThatAnotherJobHasIsLeftToIt() {
    world.locked = true;
    give(ContractState.UPDATING, "update", "");
    assertThat(stored().status().state()).isEqualTo(ContractState.UPDATING);
  }
}
