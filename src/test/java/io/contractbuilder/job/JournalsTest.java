package io.contractbuilder.job;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.storage.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class JournalsTest {
  private static final String KEY = "CONTRACT_BUILDER/JOURNAL/" + Tasks.ID + ".json";
  private final World world = new World();
  private final Journals journals = new Journals(world.store);

  @Test
  void aJournalTellsWhatBecameOfEachStepAndWhatServes() {
    world.run(Tasks.create(), "t1");

    Journal journal = journal();
    assertThat(journal.state()).isEqualTo(Journal.State.DONE);
    assertThat(journal.identity()).isEqualTo("t1");
    assertThat(journal.ended()).isAfter(journal.started());
    assertThat(journal.steps())
        .extracting(StepRecord::step)
        .containsExactly(
            Step.IMAGE,
            Step.ENVIRONMENT,
            Step.KEY,
            Step.SECRETS,
            Step.FUNCTION,
            Step.READINESS,
            Step.SCHEDULE,
            Step.LEDGER,
            Step.METADATA,
            Step.CLEANUP);
    assertThat(journal.steps())
        .allSatisfy(step -> assertThat(step.took()).isGreaterThanOrEqualTo(Duration.ZERO));
    assertThat(journal.deployed())
        .isNotNull()
        .extracting(deployed -> deployed.watchdog().name())
        .isEqualTo("classic-watchdog");
  }

  @Test
  void aFailureStandsThereWithItsRemedy() {
    world.effects.retryHelps(false);
    world.effects.troubleAt(
        List.of(callsOfACreate()).indexOf("gateway.deploy"), Effects.Trouble.FAILS_BEFORE);

    world.run(Tasks.create(), "t1");

    Journal journal = journal();
    assertThat(journal.state()).isEqualTo(Journal.State.FAILED);
    assertThat(journal.message()).contains("gateway.deploy");
    StepRecord step = journal.steps().getLast();
    assertThat(step.step()).isEqualTo(Step.FUNCTION);
    assertThat(step.end()).isEqualTo(StepRecord.End.FAILED);
    assertThat(step.answer()).contains("it broke");
    assertThat(step.remedy()).isEqualTo("Mend it");
  }

  @Test
  void whatIsWrittenAnywhereInAJobIsReadAsItWas() {
    for (Effects.Trouble trouble : Effects.Trouble.values()) {
      for (int call = 0; call < 40; call++) {
        var cutOff = new World();
        cutOff.effects.troubleAt(call, trouble);
        try {
          cutOff.run(Tasks.create(), "t1");
        } catch (Effects.Killed _) {
          // As intended.
        }
        byte[] written = cutOff.objects.get(KEY);
        if (written != null) {
          assertThat(JournalDocument.write(JournalDocument.read(written))).isEqualTo(written);
        }
      }
    }
  }

  @Test
  void aDamagedJournalIsAFailureThatNamesIt() {
    for (String damaged : List.of("", "{", "{}", "{\"version\":\"2\"}", "{\"version\":\"1\"}")) {
      world.objects.put(KEY, damaged.getBytes(US_ASCII));

      assertThatThrownBy(() -> journals.find(Tasks.ID))
          .as(damaged)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(KEY);
    }
  }

  /** Every field of a journal, wherever a job was cut off: gone, of another kind, another text. */
  @Test
  void aJournalThatIsDamagedAnywhereIsReadOrRefusedButNoDefectOfTheProgram() throws Exception {
    for (int call = 9; call < 40; call += 15) {
      var cutOff = new World();
      cutOff.effects.troubleAt(call, Effects.Trouble.KILLED_AFTER);
      try {
        cutOff.run(Tasks.create(), "t1");
      } catch (Effects.Killed _) {
        // As intended.
      }
      byte[] written = cutOff.objects.get(KEY);
      if (written != null) {
        for (String other : List.of("", "null", "7", "\"x\"", "[]", "{}", "[7]")) {
          damageEach(written, other);
        }
      }
    }
  }

  private static void damageEach(byte[] journal, String other) throws IOException {
    var places = new ArrayList<ObjectNode>();
    objects(Json.read(journal), places);
    for (int place = 0; place < places.size(); place++) {
      for (String name : List.copyOf(names(places.get(place)))) {
        JsonNode copy = Json.read(journal);
        var copied = new ArrayList<ObjectNode>();
        objects(copy, copied);
        ObjectNode node = copied.get(place);
        if (other.isEmpty()) {
          node.remove(name);
        } else {
          node.set(name, Json.read(other.getBytes(US_ASCII)));
        }
        try {
          JournalDocument.read(Json.write(copy));
        } catch (IllegalArgumentException e) {
          assertThat(e).as(name + " " + other).isNotNull();
        }
      }
    }
  }

  private static List<String> names(ObjectNode node) {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void objects(JsonNode node, List<ObjectNode> found) {
    if (node instanceof ObjectNode object) {
      found.add(object);
    }
    node.forEach(child -> objects(child, found));
  }

  @Test
  void aContractThatAnotherJobHasIsLeftAloneAndTriedAgainLater() {
    world.locked = true;

    assertThat(world.run(Tasks.create(), "t1"))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.reason()).contains("Another job").contains("1 s"));
    assertThat(world.effects.calls()).isEmpty();
  }

  private static String[] callsOfACreate() {
    var twin = new World();
    twin.run(Tasks.create(), "t1");
    return twin.effects.calls().toArray(String[]::new);
  }

  private Journal journal() {
    return Objects.requireNonNull(journals.find(Tasks.ID), "no journal");
  }
}
