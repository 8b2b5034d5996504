package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one contract and what they imply.
 *
 * @param tasks in their order
 * @param ledgered what is to stand in the ledger, in its order
 * @param deleted whether the last task deletes it
 */
record ContractStory(
    String id, String type, List<ObjectNode> tasks, List<String> ledgered, boolean deleted) {
  private static final String PROGRAM = "/bin/answer ";

  /** Two equal ones are two tasks. */
  private static final List<String> UPDATES = List.of("step-1", "step-2", "step-2", "step-4");

  /** Five tasks: a create, updates of the command, and a delete where it is told. */
  static ContractStory of(ProcessorBench bench, String type, boolean deleted) {
    String id = UUID.randomUUID().toString();
    var tasks = new ArrayList<ObjectNode>();
    var ledgered = new ArrayList<String>();
    tasks.add(bench.create(id, type, PROGRAM + "first"));
    ledgered.add("create " + PROGRAM + "first");
    for (String step : deleted ? UPDATES.subList(0, 3) : UPDATES) {
      tasks.add(ProcessorBench.update(id, type, PROGRAM + step));
      ledgered.add("update " + PROGRAM + step);
    }
    if (deleted) {
      ObjectNode delete = ProcessorBench.task("delete", id, type);
      tasks.add(delete.put("cmd", PROGRAM + "step-2"));
      ledgered.add("delete " + PROGRAM + "step-2");
    }
    return new ContractStory(id, type, tasks, ledgered, deleted);
  }

  /** The document that the chain reads is as the tasks imply. */
  void checkDocument(@Nullable JsonNode stored) {
    if (deleted) {
      assertThat(stored).as(id).isNull();
    } else {
      assertThat(stored).as(id).isNotNull();
      assertThat(stored.path("status").path("state").asText()).as(id).isEqualTo("active");
      assertThat(stored.path("cmd").asText()).as(id).isEqualTo(PROGRAM + "step-4");
    }
  }

  /** A running function answers as its last update made it. */
  void checkAnswer(JsonNode answer, String input) {
    assertThat(answer.path("stdin").asText()).as(id).isEqualTo(input);
    assertThat(answer.path("args").valueStream().map(JsonNode::asText))
        .as(id)
        .containsExactly("step-4");
    assertThat(answer.path("env").path("SMART_CONTRACT_ID").asText()).as(id).isEqualTo(id);
  }
}
