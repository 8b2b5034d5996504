package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Webserver.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Contracts' lives, of which each kind of create, update and delete is a part. */
final class ChainStories {
  /** What happens to a contract of a transaction type. */
  record Story(String name, String type, Told told) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What happens. */
  interface Told {
    void to(ChainScenario contract) throws IOException;
  }

  private static final int HEAP =
      "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY")) ? 10_000 : 200;

  static final List<Story> ALL =
      List.of(
          new Story("secrets-and-seconds", "currency", ChainStories::secretsAndSeconds),
          new Story("cron-seconds-disabled", "Clock-1", ChainStories::schedules),
          new Story("image", "picture", ChainStories::image),
          new Story("environment-secrets-command", "several", ChainStories::parts),
          new Story("activation", "sleeper", ChainStories::activation),
          new Story("no-schedule", "whenever", ChainStories::noSchedule),
          new Story("not-to-be-updated", "settled", ChainStories::notToBeUpdated),
          new Story("failed-update", "unlucky", ChainStories::failedUpdate),
          new Story("failed-create", "stillborn", ChainStories::failedCreate),
          new Story("half-way-create", "half", ChainStories::halfWayCreate),
          new Story("half-way-update", "relapse", ChainStories::halfWayUpdate),
          new Story("failed-delete", "sticky", ChainStories::failedDelete),
          new Story("never-built", "undone", ChainStories::neverBuilt),
          new Story("deleted-twice", "gone", ChainStories::deletedTwice),
          new Story("named-as-the-chains-index", "sc", ChainStories::secretsAndSeconds),
          new Story("heap", "hoarder", ChainStories::heap));

  private ChainStories() {}

  private static void secretsAndSeconds(ChainScenario contract) throws IOException {
    contract.create(
        event -> {
          event.put("seconds", 30);
          event.set("secrets", object(Map.of("api-token", "s3cr3t")));
          event.set("env", object(Map.of("RATE", "3")));
        });
    contract.answersWith("RATE", "3");
    contract.delete();
  }

  private static void schedules(ChainScenario contract) throws IOException {
    contract.create(event -> event.put("cron", "*/5 8-18 * * mon-fri"));
    contract.update(event -> event.put("seconds", 60));
    contract.update(event -> event.put("disable_schedule", true));
    contract.update(event -> event.put("cron", "0 0 last * *").put("execution_order", "parallel"));
    contract.delete();
  }

  private static void image(ChainScenario contract) throws IOException {
    contract.create(event -> {});
    contract.update(event -> event.put("image", contract.customerImage("2")));
    contract.answersWith("SMART_CONTRACT_NAME", "picture");
    contract.delete();
  }

  private static void parts(ChainScenario contract) throws IOException {
    contract.create(
        event -> {
          event.putArray("args").add("first").add("second");
          event.set("env", object(Map.of("GONE", "1", "KEPT", "2", "NEW", "3")));
          event.set("secrets", object(Map.of("one", "1", "two", "2")));
        });
    contract.update(
        event -> {
          ObjectNode env =
              Json.object().put("NEW", "33").put("ADDED", "\u00e9 \u4e2d").putNull("GONE");
          event.set("env", env);
        });
    contract
        .answersWith("NEW", "33")
        .answersWith("KEPT", "2")
        .answersWith("ADDED", "\u00e9 \u4e2d");
    contract.update(event -> event.set("secrets", object(Map.of("Three", "3", "two", "22"))));
    contract.update(event -> event.putArray("args").add("other"));
    assertThat(contract.invoke("").path("args").toString()).isEqualTo("[\"other\"]");
    contract.update(
        event -> {
          event.put("image", contract.customerImage("2")).put("cmd", "/bin/answer");
          event.putArray("args").add("-raw");
          event.set("env", object(Map.of("KEPT", "22")));
          event.set("secrets", object(Map.of("four", "4")));
          event.put("seconds", 1).put("execution_order", "parallel");
        });
    contract.delete();
  }

  private static void activation(ChainScenario contract) throws IOException {
    contract.create(event -> event.put("seconds", 10));
    contract.update(event -> event.put("desired_state", "inactive"));
    contract.update(event -> event.put("cron", "0 12 * * *"));
    contract.update(event -> event.put("desired_state", "active"));
    contract.update(event -> event.put("execution_order", "parallel"));
    contract.update(event -> {});
  }

  private static void noSchedule(ChainScenario contract) throws IOException {
    contract.create(event -> {});
    contract.update(event -> event.put("disable_schedule", true));
    contract.update(event -> event.put("desired_state", "inactive"));
    contract.update(event -> event.put("disable_schedule", true));
    contract.update(event -> event.put("desired_state", "active"));
    contract.update(event -> event.put("seconds", 10));
  }

  private static void notToBeUpdated(ChainScenario contract) throws IOException {
    contract.create(event -> event.put("seconds", 10));
    contract.webserver.write("pending");
    contract.update(event -> event.put("desired_state", "active").put("seconds", 20));
    ObjectNode late = contract.webserver.update(event -> event.put("desired_state", "inactive"));
    contract.webserver.write("deleting");
    contract.run("an update that comes late", late);
    contract.webserver.write("delete failed");
    contract.update(event -> event.set("env", object(Map.of("NEW", "1"))));
  }

  private static void failedUpdate(ChainScenario contract) throws IOException {
    contract.create(event -> event.put("seconds", 10));
    contract.update(event -> event.put("desired_state", "inactive"));
    contract.update(
        event ->
            event
                .put("image", contract.customerImage("missing"))
                .put("desired_state", "active")
                .put("seconds", 20)
                .set("env", object(Map.of("NEW", "1"))));
    contract.answersWith("SMART_CONTRACT_NAME", "unlucky");
  }

  private static void failedCreate(ChainScenario contract) throws IOException {
    contract.create(
        event ->
            event
                .put("image", contract.customerImage("missing"))
                .put("seconds", 10)
                .set("secrets", object(Map.of("one", "1"))));
    contract.update(
        event -> event.put("image", contract.customerImage("1")).put("desired_state", "active"));
    contract.delete();
  }

  private static void halfWayCreate(ChainScenario contract) throws IOException {
    contract.refuseAtTheGateway("POST /system/functions");
    contract.create(
        event -> {
          event.put("seconds", 10);
          event.set("secrets", object(Map.of("one", "1")));
        });
    contract.refuseAtTheGateway("nothing");
    contract.delete();
  }

  private static void halfWayUpdate(ChainScenario contract) throws IOException {
    contract.create(event -> event.set("env", object(Map.of("KEPT", "1"))));
    contract.refuseAtTheGateway("POST /system/secrets");
    contract.update(
        event -> {
          event.put("image", contract.customerImage("2")).put("desired_state", "inactive");
          event.put("seconds", 10);
          event.set("env", object(Map.of("KEPT", "2")));
          event.set("secrets", object(Map.of("one", "1")));
        });
    contract.answersWith("KEPT", "1");
  }

  private static void failedDelete(ChainScenario contract) throws IOException {
    contract.create(event -> event.put("seconds", 10));
    contract.refuseAtTheGateway("DELETE /system/functions");
    contract.delete();
    contract.refuseAtTheGateway("nothing");
    contract.delete();
  }

  private static void neverBuilt(ChainScenario contract) throws IOException {
    ObjectNode create =
        contract.webserver.create(event -> event.set("secrets", object(Map.of("one", "1"))));
    contract.run("delete", Webserver.undo(create));
  }

  private static void deletedTwice(ChainScenario contract) throws IOException {
    contract.create(event -> {});
    ObjectNode delete = contract.webserver.delete();
    contract.run("delete", delete);
    contract.run("the same again", delete);
  }

  private static void heap(ChainScenario contract) throws IOException {
    contract.create(event -> {});
    for (int i = 0; i < HEAP; i++) {
      contract.webserver.heap(i % 7 + "/" + i, "{\"value\":" + i + "}");
    }
    contract.delete();
  }
}
