package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.Status;
import io.contractbuilder.job.UpdateKind.Expected;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.openfaas.FunctionSpec;
import io.contractbuilder.scheduler.ScheduleDocument;
import io.contractbuilder.scheduler.ScheduledContract;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of update, alone and together, of each contract that can be updated. */
class UpdateKindsTest {
  private static final Set<String> INJECTED =
      Set.of(
          "STAGE",
          "INTERNAL_ID",
          "DRAGONCHAIN_ID",
          "DRAGONCHAIN_ENDPOINT",
          "SMART_CONTRACT_ID",
          "SMART_CONTRACT_NAME");

  static Stream<Arguments> contracts() {
    var contracts = new ArrayList<Arguments>();
    for (var state : List.of(ContractState.ACTIVE, ContractState.INACTIVE)) {
      contracts.add(Arguments.of(state, null));
      contracts.add(Arguments.of(state, new Schedule.Every(30)));
      contracts.add(Arguments.of(state, new Schedule.Cron(CronExpression.parse("0 0 last * *"))));
    }
    return contracts.stream();
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void comesToWhatIsAskedAndDoesNoMore(ContractState state, @Nullable Schedule schedule) {
    List<List<UpdateKind>> sets = UpdateKind.together();
    assertThat(sets).hasSizeGreaterThan(80);
    for (List<UpdateKind> kinds : sets) {
      var world = new World();
      contract(world, state, schedule);
      Contract before = stored(world);
      String ran = running(world);
      var expected = new Expected(schedule, state);
      var update = Tasks.update().start(state);
      kinds.forEach(kind -> kind.asked().accept(update));
      kinds.forEach(kind -> kind.comesTo().accept(expected));
      markUpdating(world);

      Outcome outcome = world.run(update.task(), "u");

      String what = "%s of a contract that is %s, %s".formatted(kinds, state, schedule);
      assertThat(outcome).as(what).isInstanceOf(Outcome.Done.class);
      assertContract(what, stored(world), expected, before);
      assertFunction(what, world, expected);
      assertThat(changes(world)).as(what).containsExactlyElementsOf(changes(expected, ran));
      assertThat(running(world)).as(what).isEqualTo(expected.running());
      assertThat(world.images).as(what).containsExactly(stored(world).imageDigest());
      assertLedgered(what, world, expected);
    }
  }

  private static void assertContract(
      String what, Contract contract, Expected expected, Contract before) {
    var own = new HashMap<>(contract.env());
    assertThat(own.keySet().containsAll(INJECTED)).as(what).isTrue();
    own.keySet().removeAll(INJECTED);
    assertThat(own).as(what).isEqualTo(expected.env);
    assertThat(contract.image()).as(what).isEqualTo(expected.image);
    assertThat(contract.cmd()).as(what).isEqualTo(expected.cmd);
    assertThat(String.join(" ", contract.args())).as(what).isEqualTo(expected.args);
    assertThat(contract.existingSecrets()).as(what).isEqualTo(expected.names);
    assertThat(contract.executionOrder()).as(what).isEqualTo(expected.order);
    assertThat(contract.schedule()).as(what).isEqualTo(expected.schedule);
    assertThat(contract.status().state()).as(what).isEqualTo(expected.state);
    assertThat(contract.status().message()).as(what).isEqualTo("Contract update success!");
    assertThat(contract.authKeyId()).as(what).isEqualTo(before.authKeyId());
    Digest image = contract.imageDigest();
    assertThat(Objects.equals(image, before.imageDigest())).as(what).isEqualTo(!expected.built);
  }

  private static void assertFunction(String what, World world, Expected expected) {
    FunctionSpec function = world.function();
    assertThat(function.envProcess()).as(what).isEqualTo(expected.cmd + " " + expected.args);
    assertThat(function.image()).as(what).endsWith("@" + stored(world).imageDigest());
    assertThat(function.envVars()).as(what).containsAllEntriesOf(expected.env);
    assertThat(function.envVars().containsKey("RATE"))
        .as(what)
        .isEqualTo(expected.env.containsKey("RATE"));
    assertThat(function.secrets())
        .as(what)
        .containsExactlyElementsOf(
            expected.names.stream().map(name -> "sc-" + Tasks.ID + "-" + name).toList());
    expected.secrets.forEach(
        (name, value) -> assertThat(world.secret(name)).as(what).isEqualTo(value));
    assertThat(world.secrets).as(what).hasSize(expected.names.size());
  }

  private static void assertLedgered(String what, World world, Expected expected) {
    List<LedgerTransaction> all = List.copyOf(world.transactions.values());
    LedgerTransaction last = all.getLast();
    assertThat(last.action()).as(what).isEqualTo("update");
    assertThat(last.type()).as(what).isEqualTo(Tasks.TYPE);
    assertThat(last.entrypoint()).as(what).isEqualTo(expected.cmd + " " + expected.args);
    assertThat(last.imageDigest()).as(what).isEqualTo(stored(world).imageDigest());
    assertThat(all.stream().filter(one -> one.task().equals("u"))).as(what).hasSize(1);
  }

  /** What has to be done, in the order of §8: the previous image goes last. */
  private static List<String> changes(Expected expected, String ran) {
    var changes = new ArrayList<String>();
    if (expected.built) {
      changes.add("images.build");
    }
    if (expected.secretPut != null) {
      changes.add("gateway.putSecret " + expected.secretPut);
    }
    if (expected.deployed) {
      changes.add("gateway.deploy");
    }
    // "always … also where there is no schedule"
    if (expected.endsSchedule || !expected.running().equals(ran)) {
      changes.add(expected.runs() ? "scheduler.schedule" : "scheduler.unschedule");
    }
    changes.add("ledger.append update");
    if (expected.deployed) {
      changes.add("store.put faas_spec.json");
    }
    changes.add("store.put metadata.json");
    if (expected.built) {
      changes.add("images.delete");
    }
    return changes;
  }

  private static List<String> changes(World world) {
    return world.effects.changes().stream()
        .map(call -> call.replace("SMARTCONTRACT/" + Tasks.ID + "/", ""))
        .toList();
  }

  private static String running(World world) {
    String document = world.schedules.get(Tasks.ID.value());
    if (document == null) {
      return "";
    }
    ScheduledContract held = ScheduleDocument.read(document.getBytes(StandardCharsets.US_ASCII));
    var as = new Expected(held.schedule(), ContractState.ACTIVE);
    as.order = held.executionOrder();
    return as.running();
  }

  private static void contract(World world, ContractState state, @Nullable Schedule schedule) {
    CreateContract create = Tasks.create();
    world.run(
        new CreateContract(
            create.id(),
            create.type(),
            create.image(),
            create.auth(),
            create.cmd(),
            create.args(),
            create.env(),
            create.secrets(),
            schedule,
            create.executionOrder(),
            null),
        "create");
    if (state != ContractState.ACTIVE) {
      world.run(Tasks.update().desired(state).task(), "before");
    }
  }

  /** As the webserver does before it queues an update. */
  private static void markUpdating(World world) {
    Contract contract = stored(world);
    var updating = new Status(ContractState.UPDATING, "", contract.status().timestamp());
    world.documents().save(contract.withStatus(updating));
    world.effects.revive();
  }

  private static Contract stored(World world) {
    return Objects.requireNonNull(world.documents().find(Tasks.ID), "no contract");
  }
}
