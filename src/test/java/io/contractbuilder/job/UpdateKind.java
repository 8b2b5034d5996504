package io.contractbuilder.job;

import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an update can ask for, and what has to come of it (chain formats, §8 and §9).
 *
 * @param field two kinds of one field cannot be asked for together
 */
record UpdateKind(
    String name, String field, Consumer<Tasks.Update> asked, Consumer<Expected> comesTo) {

  /** A contract, as the formats say that it is after an update; begins as it was created. */
  static final class Expected {
    String image = "docker.io/acme/currency:1";
    String cmd = "node";
    String args = "index.js";
    final Map<String, String> env = new LinkedHashMap<>(Map.of("RATE", "3"));
    final Map<String, String> secrets = new LinkedHashMap<>(Map.of("api-token", "c4n4ry-1"));
    final List<String> names = new ArrayList<>(List.of("api-token", "secret-key", "auth-key-id"));
    @Nullable Schedule schedule;
    ExecutionOrder order = ExecutionOrder.SERIAL;
    ContractState state;
    boolean built;
    boolean deployed;
    boolean endsSchedule;
    @Nullable String secretPut;

    Expected(@Nullable Schedule schedule, ContractState state) {
      this.schedule = schedule;
      this.state = state;
    }

    /** Whether its schedule runs. */
    boolean runs() {
      return schedule != null && state == ContractState.ACTIVE;
    }

    /** What the scheduler is to know of it; empty: nothing. */
    String running() {
      return switch (runs() ? schedule : null) {
        case null -> "";
        case Schedule.Every(int seconds) -> "seconds " + seconds + " " + order;
        case Schedule.Cron(var cron) -> "cron " + cron + " " + order;
      };
    }
  }

  static final List<UpdateKind> ALL =
      List.of(
          deploying("image", "image", u -> u.image("acme/currency:2"), UpdateKind::image),
          deploying("command", "cmd", u -> u.cmd("deno"), e -> e.cmd = "deno"),
          deploying("arguments", "args", u -> u.args("a", "b"), e -> e.args = "a b"),
          deploying("variable", "env", u -> u.env("MORE", "1"), e -> e.env.put("MORE", "1")),
          deploying(
              "variable's value", "env", u -> u.env("RATE", "4"), e -> e.env.put("RATE", "4")),
          deploying("no variable", "unset", u -> u.unsetEnv("RATE"), e -> e.env.remove("RATE")),
          deploying("secret", "secrets", u -> u.secret("more", "x"), e -> secret(e, "more")),
          deploying(
              "secret's value", "secrets", u -> u.secret("api-token", "x"), UpdateKind::token),
          kind("seconds", "schedule", u -> u.seconds(20), e -> e.schedule = new Schedule.Every(20)),
          kind("cron", "schedule", UpdateKind::cron, e -> e.schedule = daily()),
          kind("no schedule", "schedule", Tasks.Update::disableSchedule, UpdateKind::disabled),
          kind("activation", "state", u -> u.desired(ContractState.ACTIVE), UpdateKind::active),
          kind("inactivation", "state", u -> u.desired(ContractState.INACTIVE), UpdateKind::asleep),
          kind(
              "order",
              "order",
              u -> u.order(ExecutionOrder.PARALLEL),
              e -> e.order = ExecutionOrder.PARALLEL));

  private static final int TOGETHER =
      "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY")) ? 3 : 2;

  /** None, each alone, each two (each three where time is no matter) that go together, and most. */
  static List<List<UpdateKind>> together() {
    var sets = new ArrayList<List<UpdateKind>>(List.of(List.of()));
    for (int size = 0; size < TOGETHER; size++) {
      List.copyOf(sets).stream().flatMap(UpdateKind::withOneMore).forEach(sets::add);
    }
    var most = new ArrayList<UpdateKind>();
    ALL.stream()
        .filter(one -> !one.name.equals("variable's value"))
        .filter(one -> most.stream().noneMatch(other -> other.field.equals(one.field)))
        .forEach(most::add);
    sets.add(most);
    return sets.stream().distinct().toList();
  }

  private static Stream<List<UpdateKind>> withOneMore(List<UpdateKind> set) {
    int after = set.isEmpty() ? 0 : ALL.indexOf(set.getLast()) + 1;
    return ALL.subList(after, ALL.size()).stream()
        .filter(one -> set.stream().noneMatch(other -> other.excludes(one)))
        .map(one -> Stream.concat(set.stream(), Stream.of(one)).toList());
  }

  private boolean excludes(UpdateKind other) {
    // A variable cannot be set and taken away at once.
    return field.equals(other.field)
        || (name.equals("variable's value") && other.name.equals("no variable"));
  }

  private static UpdateKind kind(
      String name, String field, Consumer<Tasks.Update> asked, Consumer<Expected> comesTo) {
    return new UpdateKind(name, field, asked, comesTo);
  }

  private static UpdateKind deploying(
      String name, String field, Consumer<Tasks.Update> asked, Consumer<Expected> comesTo) {
    return kind(name, field, asked, comesTo.andThen(expected -> expected.deployed = true));
  }

  private static void active(Expected expected) {
    expected.state = ContractState.ACTIVE;
  }

  private static void asleep(Expected expected) {
    expected.state = ContractState.INACTIVE;
    expected.endsSchedule = true;
  }

  private static void disabled(Expected expected) {
    expected.schedule = null;
    expected.endsSchedule = true;
  }

  private static void image(Expected expected) {
    expected.image = "acme/currency:2";
    expected.built = true;
  }

  private static void token(Expected expected) {
    expected.secrets.put("api-token", "x");
    expected.secretPut = "api-token";
  }

  private static void secret(Expected expected, String name) {
    expected.secrets.put(name, "x");
    expected.names.add(name);
    expected.secretPut = name;
  }

  private static void cron(Tasks.Update update) {
    update.schedule = daily();
  }

  static Schedule daily() {
    return new Schedule.Cron(CronExpression.parse("0 12 * * *"));
  }

  @Override
  public String toString() {
    return name;
  }
}
