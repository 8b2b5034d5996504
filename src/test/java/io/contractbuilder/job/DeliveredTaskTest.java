package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.Status;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Equal tasks out of a queue: each is done once, whatever the webserver wrote meanwhile. */
class DeliveredTaskTest {
  private static final byte[] KEY = {1, 2, 3};

  private final World world = new World();
  private final ContractDocuments documents = new ContractDocuments(world.store);
  private final ContractTask update = Tasks.update().env("MORE", "1").task();

  @BeforeEach
  void aContract() {
    world.run(Tasks.create(), "create");
  }

  private Outcome deliver(String delivery) {
    return world.run(update, TaskIdentity.of(update, KEY, delivery));
  }

  private void nextUpdateIsQueued() {
    documents.save(
        Objects.requireNonNull(documents.find(Tasks.ID))
            .withStatus(new Status(ContractState.UPDATING, "", Instant.EPOCH)));
  }

  @Test
  void theSameOneIsARepeatThoughAnotherUpdateIsQueued() {
    deliver("1-1");
    nextUpdateIsQueued();
    assertThat(deliver("1-1")).matches(o -> o instanceof Outcome.Done done && done.repeat());
    assertThat(world.transactions).hasSize(2);
  }

  @Test
  void anEqualOneIsAnotherThoughNobodySaidSo() {
    deliver("1-1");
    assertThat(deliver("1-2")).matches(o -> o instanceof Outcome.Done done && !done.repeat());
    assertThat(world.transactions).hasSize(3);
  }

  @Test
  void withoutADeliveryTheContentCountsAndWhatTheWebserverWrote() {
    String identity = TaskIdentity.of(update, KEY);
    world.run(update, identity);
    assertThat(world.run(update, identity))
        .matches(o -> o instanceof Outcome.Done done && done.repeat());
    nextUpdateIsQueued();
    assertThat(world.run(update, identity))
        .matches(o -> o instanceof Outcome.Done done && !done.repeat());
  }
}
