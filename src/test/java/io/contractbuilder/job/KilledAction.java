package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractTask;

/** What is done while the process is killed. */
enum KilledAction {
  CREATE,
  UPDATE_IMAGE,
  UPDATE_SECRETS,
  UPDATE_ENVIRONMENT,
  UPDATE_SCHEDULE,
  DELETE;

  ContractTask task(Trial parts) {
    return switch (this) {
      case CREATE -> Tasks.create(parts.image(1));
      case UPDATE_IMAGE -> Tasks.update().image(parts.image(2)).task();
      case UPDATE_SECRETS ->
          Tasks.update().secret("more", Tasks.CANARY + "-2").unsetSecret("api-token").task();
      case UPDATE_ENVIRONMENT -> Tasks.update().env("MORE", "1").task();
      case UPDATE_SCHEDULE -> Tasks.update().seconds(20).task();
      case DELETE -> Tasks.delete();
    };
  }

  /**
   * Brings parts to where it can be done.
   *
   * @param parts as new
   */
  Trial prepared(Trial parts) {
    if (this != CREATE) {
      assertThat(parts.run(Tasks.create(parts.image(1)), "before"))
          .isInstanceOf(Outcome.Done.class);
      parts.effects().revive();
    }
    return parts;
  }
}
