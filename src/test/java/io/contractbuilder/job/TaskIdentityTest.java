package io.contractbuilder.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TaskIdentityTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);

  @Test
  void isTheSameForTheSameTask() {
    assertThat(TaskIdentity.of(Tasks.create(), KEY))
        .isEqualTo(TaskIdentity.of(Tasks.create(), KEY))
        .matches("[0-9a-f]{64}");
  }

  @Test
  void differsWhereAnythingDiffers() {
    Stream<Tasks.Update> updates =
        Stream.of(
            Tasks.update(),
            Tasks.update().image("acme/currency:1"),
            Tasks.update().cmd("a"),
            Tasks.update().args(),
            Tasks.update().args("a"),
            Tasks.update().args("a", "b"),
            Tasks.update().env("a", "b"),
            Tasks.update().unsetEnv("a"),
            Tasks.update().secret("a", "b"),
            Tasks.update().secret("a", "c"),
            Tasks.update().unsetSecret("a"),
            Tasks.update().seconds(1),
            Tasks.update().disableSchedule(),
            Tasks.update().order(io.contractbuilder.contract.ExecutionOrder.SERIAL),
            Tasks.update().start(io.contractbuilder.contract.ContractState.ACTIVE),
            Tasks.update().desired(io.contractbuilder.contract.ContractState.ACTIVE),
            Tasks.update().watchdog("builtin"));

    assertThat(updates.map(update -> TaskIdentity.of(update.task(), KEY))).doesNotHaveDuplicates();
    assertThat(TaskIdentity.of(Tasks.create(), KEY))
        .isNotEqualTo(TaskIdentity.of(Tasks.create(), new byte[] {1}))
        .isNotEqualTo(TaskIdentity.of(Tasks.delete(), KEY));
  }
}
