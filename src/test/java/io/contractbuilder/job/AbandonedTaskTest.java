package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Status;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    new AbandonedTask(documents).tell(Tasks.ID, action, start, "no JSON", NOW);
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
  void aContractThatIsNotThereIsNotMade() {
    documents.removeMetadata(Tasks.ID);
    new AbandonedTask(documents).tell(Tasks.ID, "create", "", "no JSON", NOW);
    assertThat(documents.find(Tasks.ID)).isNull();
  }
}
