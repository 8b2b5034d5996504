package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.Status;
import java.time.Instant;
import java.util.Objects;

/** What is done while something fails. */
enum FailingAction {
  CREATE,
  UPDATE,
  DELETE;

  ContractTask task() {
    return switch (this) {
      case CREATE -> Tasks.create();
      case UPDATE ->
          Tasks.update()
              .image("acme/currency:2")
              .secret("more", "2")
              .unsetSecret("api-token")
              .seconds(20)
              .task();
      case DELETE -> Tasks.delete();
    };
  }

  /** As the webserver leaves it when it has queued the task. */
  World world(World world) {
    if (this != CREATE) {
      world.run(Tasks.create(), "before");
      Contract contract = Objects.requireNonNull(world.documents().find(Tasks.ID));
      ContractState state = this == UPDATE ? ContractState.UPDATING : ContractState.DELETING;
      world.documents().save(contract.withStatus(new Status(state, "", Instant.EPOCH)));
    }
    world.effects.revive();
    return world;
  }
}
