package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.job.Effects.Trouble;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Makes the table of {@code docs/failures.md} that says how a job ends when an effect fails; {@code
 * ./mvn test -Dtest=FailuresDocumentTest -Dfailures.write=true} writes it.
 */
class FailuresDocumentTest {
  private static final String HEAD = "| effect | create | update | delete |\n|---|---|---|---|\n";

  private static final Pattern KEY = Pattern.compile("SC_[A-Z]{12}");

  @Test
  void theDocumentSaysWhatBecomesOfFailures() throws IOException {
    FailuresDocument.assertHolds("effects", FailuresDocumentTest.class, table());
  }

  private static String table() {
    var rows = new LinkedHashMap<String, Map<FailingAction, String>>();
    for (FailingAction action : FailingAction.values()) {
      List<String> calls = calls(action);
      for (int call = 0; call < calls.size(); call++) {
        String outcome = outcomes(action, call, calls.get(call));
        rows.computeIfAbsent(named(calls.get(call)), _ -> new EnumMap<>(FailingAction.class))
            .merge(action, outcome, FailuresDocumentTest::both);
      }
    }
    var table = new StringBuilder(HEAD);
    rows.forEach(
        (effect, outcomes) -> {
          table.append("| `").append(effect).append("` |");
          for (FailingAction action : FailingAction.values()) {
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

  private static List<String> calls(FailingAction action) {
    World world = action.world(new World());
    world.run(action.task(), "t");
    return world.effects.calls();
  }

  private static String named(String call) {
    return KEY.matcher(call.replace(Tasks.ID.value(), "(id)").replace("?", ""))
        .replaceAll("(key id)")
        .replaceFirst("((put|delete)Secret) .*", "$1 (name)");
  }

  /** Not done; and done, but nobody heard it. */
  private static String outcomes(FailingAction action, int call, String name) {
    String before = outcome(action, call, name, Trouble.FAILS_BEFORE);
    String after = outcome(action, call, name, Trouble.FAILS_AFTER);
    return before.equals(after) ? before : before + "; if it was done: " + after;
  }

  private static String outcome(FailingAction action, int call, String name, Trouble trouble) {
    World undisturbed = action.world(new World());
    undisturbed.run(action.task(), "t");
    World world = action.world(new World());
    world.effects.troubleAt(call, trouble);
    Outcome first = world.run(action.task(), "t");
    world.effects.revive();
    String ended = FailuresDocument.ended(first, world);
    assertThat(world.run(action.task(), "t"))
        .as("the same again after %s at %s", trouble, name)
        .isInstanceOf(Outcome.Done.class);
    assertThat(kept(world)).as("%s at %s", trouble, name).isEqualTo(kept(undisturbed));
    return ended;
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
