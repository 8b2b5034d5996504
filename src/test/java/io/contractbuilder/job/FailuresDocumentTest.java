package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.Status;
import io.contractbuilder.job.Effects.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Makes the table of {@code docs/failures.md} that says how a job ends when an effect fails; {@code
 * ./mvn test -Dtest=FailuresDocumentTest -Dfailures.write=true} writes it.
 */
class FailuresDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/failures.md");
  private static final String BEGIN = "<!-- effects: written by FailuresDocumentTest -->\n";
  private static final String END = "<!-- effects end -->\n";
  private static final String HEAD = "| effect | create | update | delete |\n|---|---|---|---|\n";

  private static final Pattern KEY = Pattern.compile("SC_[A-Z]{12}");

  private enum Action {
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

    World world() {
      var world = new World();
      if (this != CREATE) {
        world.run(Tasks.create(), "before");
        // As the webserver leaves it.
        Contract contract = Objects.requireNonNull(world.documents().find(Tasks.ID));
        world
            .documents()
            .save(
                contract.withStatus(
                    new Status(
                        this == UPDATE ? ContractState.UPDATING : ContractState.DELETING,
                        "",
                        Instant.EPOCH)));
      }
      world.effects.revive();
      return world;
    }
  }

  @Test
  void theDocumentSaysWhatBecomesOfFailures() throws IOException {
    String document = Files.readString(DOCUMENT);
    assertThat(document).contains(BEGIN, END);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    String table = table();
    if (Boolean.getBoolean("failures.write")) {
      document = document.substring(0, begin) + table + document.substring(document.indexOf(END));
      Files.writeString(DOCUMENT, document);
    }
    assertThat(document.substring(begin, document.indexOf(END)))
        .as("to write it: ./mvn test -Dtest=FailuresDocumentTest -Dfailures.write=true")
        .isEqualTo(table);
  }

  private static String table() {
    var rows = new LinkedHashMap<String, Map<Action, String>>();
    for (Action action : Action.values()) {
      List<String> calls = calls(action);
      for (int call = 0; call < calls.size(); call++) {
        String outcome = outcomes(action, call, calls.get(call));
        rows.computeIfAbsent(named(calls.get(call)), _ -> new EnumMap<>(Action.class))
            .merge(action, outcome, FailuresDocumentTest::both);
      }
    }
    var table = new StringBuilder(HEAD);
    rows.forEach(
        (effect, outcomes) -> {
          table.append("| `").append(effect).append("` |");
          for (Action action : Action.values()) {
            table.append(' ').append(outcomes.getOrDefault(action, "")).append(" |");
          }
          table.append('\n');
        });
    return table.toString();
  }

  private static String both(String one, String other) {
    var all = new ArrayList<>(List.of(one.split(" or ", -1)));
    if (!all.contains(other)) {
      all.add(other);
    }
    return String.join(" or ", all);
  }

  private static List<String> calls(Action action) {
    World world = action.world();
    world.run(action.task(), "t");
    return world.effects.calls();
  }

  private static String named(String call) {
    return KEY.matcher(call.replace(Tasks.ID.value(), "(id)").replace("?", ""))
        .replaceAll("(key id)")
        .replaceFirst("((put|delete)Secret) .*", "$1 (name)");
  }

  /** Not done; and done, but nobody heard it. */
  private static String outcomes(Action action, int call, String name) {
    String before = outcome(action, call, name, Trouble.FAILS_BEFORE);
    String after = outcome(action, call, name, Trouble.FAILS_AFTER);
    return before.equals(after) ? before : before + "; if it was done: " + after;
  }

  private static String outcome(Action action, int call, String name, Trouble trouble) {
    World undisturbed = action.world();
    undisturbed.run(action.task(), "t");
    World world = action.world();
    world.effects.troubleAt(call, trouble);
    Outcome first = world.run(action.task(), "t");
    world.effects.revive();
    String ended = ended(first) + state(world);
    assertThat(world.run(action.task(), "t"))
        .as("the same again after %s at %s", trouble, name)
        .isInstanceOf(Outcome.Done.class);
    assertThat(kept(world)).as("%s at %s", trouble, name).isEqualTo(kept(undisturbed));
    return ended;
  }

  private static String ended(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> done.warnings().isEmpty() ? "done" : "done, with a warning";
      case Outcome.Retry _ -> "3";
      case Outcome.Failed _ -> "1";
    };
  }

  private static String state(World world) {
    Contract contract = world.documents().find(Tasks.ID);
    return contract == null
        ? ", none"
        : ", " + contract.status().state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static List<Object> kept(World world) {
    return List.of(
        world.images,
        world.secrets.keySet(),
        world.functions,
        world.schedules,
        world.transactions.values().stream().map(t -> t.action() + t.imageDigest()).toList(),
        world.objects.keySet().stream().map(key -> KEY.matcher(key).replaceAll("KEY")).toList());
  }
}
