package io.contractbuilder.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.queue.DeadLetters.DeadLetter;
import io.contractbuilder.queue.QueuedTask;
import io.contractbuilder.queue.QueuedTask.Hold;
import io.contractbuilder.queue.TaskQueue;
import io.contractbuilder.redis.OwnRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("NullAway.Init")
class RedisTaskQueueIT {
  private static final String A = "aaaaaaaa-0a4e-4a55-9f0b-6c0f9a1a2b3c";
  private static final String B = "bbbbbbbb-0a4e-4a55-9f0b-6c0f9a1a2b3c";
  private static final String DEAD_WORKER = "dead";
  @RegisterExtension static final OwnRedis REDIS = new OwnRedis();
  private TaskQueue queue;

  @BeforeEach
  void connect() {
    queue = new RedisTaskQueue(REDIS.connection());
  }

  private static String event(String contract, String what) {
    return "{\"id\":\"" + contract + "\",\"what\":\"" + what + "\"}";
  }

  private static void push(String list, String... events) {
    try (var chain = REDIS.server().client()) {
      for (String event : events) {
        chain.lpush(list, event);
      }
    }
  }

  private void tasks(String... events) {
    push("mq:contract-task", events);
    while (queue.takeIn().tasks() > 0) {
      // There may be more.
    }
  }

  private @org.jspecify.annotations.Nullable QueuedTask take(int slot) {
    return queue.take(new Hold("w", slot));
  }

  private QueuedTask taken(int slot) {
    QueuedTask task = take(slot);
    assertThat(task).isNotNull();
    return java.util.Objects.requireNonNull(task);
  }

  private static String said(QueuedTask task) {
    return new String(task.event(), StandardCharsets.UTF_8).replaceAll(".*what\":\"(.*)\"}", "$1");
  }

  @Test
  void aContractsTasksComeOneAfterAnotherInTheirOrder() {
    tasks(event(A, "1"), event(A, "2"), event(A, "3"));

    for (String expected : List.of("1", "2", "3")) {
      QueuedTask task = taken(0);
      assertThat(said(task)).isEqualTo(expected);
      assertThat(take(1)).as("while the one before is in hand").isNull();
      assertThat(queue.done(task)).isTrue();
    }
    assertThat(take(0)).isNull();
    assertThat(leftKeys()).containsExactlyInAnyOrder("number", "workers");
  }

  private static List<String> leftKeys() {
    try (var client = REDIS.server().client()) {
      return client.keys("*").stream().map(k -> k.substring(k.lastIndexOf(':') + 1)).toList();
    }
  }

  @Test
  void contractsTakeTurnsHoweverManyTasksOneHas() {
    var many = new ArrayList<String>();
    for (int i = 0; i < 50; i++) {
      many.add(event(A, "a" + i));
    }
    many.add(event(B, "b0"));
    many.add(event(B, "b1"));
    tasks(many.toArray(String[]::new));

    var order = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      QueuedTask task = taken(0);
      order.add(said(task));
      queue.done(task);
    }
    assertThat(order).containsExactly("a0", "b0", "a1", "b1", "a2");
  }

  @Test
  void aHandHoldsOneTaskHoweverOftenItAsks() {
    tasks(event(A, "1"), event(B, "2"));

    assertThat(taken(0).number()).isEqualTo(taken(0).number());
    assertThat(said(taken(1))).isEqualTo("2");
  }

  @Test
  void whatIsNotInAHandCannotBeSettledByIt() {
    tasks(event(A, "1"));
    QueuedTask task = taken(0);
    assertThat(queue.done(task)).isTrue();

    assertThat(queue.done(task)).isFalse();
    assertThat(queue.putBack(task)).isFalse();
    assertThat(queue.later(task, Duration.ZERO, "away")).isFalse();
    assertThat(queue.bury(task, "create", "reason")).isFalse();
    assertThat(take(0)).isNull();
  }

  @Test
  void theTasksOfADeadWorkerGoBackToWhereTheyWere() {
    tasks(event(A, "a1"), event(A, "a2"), event(B, "b1"));
    queue.take(new Hold(DEAD_WORKER, 0));
    queue.take(new Hold(DEAD_WORKER, 1));
    assertThat(queue.beat("w", Map.of()).putBack()).as("while it may live").isZero();
    assertThat(take(0)).isNull();
    dies(DEAD_WORKER);

    assertThat(queue.beat("w", Map.of()).putBack()).isEqualTo(2);

    var order = new ArrayList<String>();
    for (QueuedTask task = take(0); task != null; task = take(0)) {
      order.add(said(task));
      assertThat(task.deaths()).isEqualTo(said(task).equals("a2") ? 0 : 1);
      queue.done(task);
    }
    assertThat(order).containsSubsequence("a1", "a2").contains("b1").hasSize(3);
    assertThat(queue.beat("w", Map.of()).workers()).isEqualTo(1);
  }

  @Test
  void deathsThatMeetOthersTooAreNotATasksOwn() {
    tasks(event(A, "a1"));
    for (int i = 1; i <= 10; i++) {
      assertThat(diesWith(i)).as("it alone ended its process").isEqualTo(i);
    }
    for (int i = 1; i <= 10; i++) {
      dies("idle-" + i);
      queue.beat("w", Map.of());
    }
    assertThat(diesWith(11)).as("others die, too").isEqualTo(1);
    for (int i = 12; i < 100; i++) {
      dies("idle-" + i);
      diesWith(i);
    }
    assertThat(diesWith(100)).as("so often is enough").isEqualTo(100);
  }

  /** The task's deaths after another worker has died with it. */
  private int diesWith(int number) {
    var hold = new Hold("with-" + number, 0);
    queue.take(hold);
    dies(hold.worker());
    queue.beat("w", Map.of());
    QueuedTask task = taken(0);
    queue.putBack(task);
    return task.deaths();
  }

  /** As if its time had passed, on a server that has been up for as long. */
  private static void dies(String worker) {
    try (var client = REDIS.server().client()) {
      client.zadd("contract-builder:queue:workers", 1, worker);
      while (!client
          .info("server")
          .replaceAll("(?s).*uptime_in_seconds:(\\d+).*", "$1")
          .matches("\\d{3,}|1[1-9]|[2-9]\\d")) {
        Thread.onSpinWait();
        java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
      }
    }
  }

  @Test
  void whoLeavesPutsBackWhatItHolds() {
    tasks(event(A, "a1"), event(A, "a2"));
    taken(0);
    queue.leave("w");

    QueuedTask task = taken(0);
    assertThat(said(task)).isEqualTo("a1");
    assertThat(task.deaths()).isZero();
  }

  @Test
  void aPostponedTaskKeepsItsContractWaitingAndNobodyElse() {
    tasks(event(A, "a1"), event(A, "a2"), event(B, "b1"));
    assertThat(queue.later(taken(0), Duration.ofMillis(300), "away")).isTrue();
    assertThat(said(taken(0))).isEqualTo("b1");
    assertThat(take(1)).isNull();
    assertThat(queue.beat("w", Map.of()).paused()).isEqualTo(1);

    QueuedTask again = take(1);
    for (long end = System.nanoTime() + 10_000_000_000L;
        again == null && System.nanoTime() < end;
        again = take(1)) {
      Thread.onSpinWait();
    }
    assertThat(again).isNotNull();
    assertThat(again.attempts()).isEqualTo(1);
    assertThat(said(again)).isEqualTo("a1");
  }

  @Test
  void whatTheFormerProcessorLeftComesFirstInItsOrder() {
    push("mq:contract-pending", event(A, "1"), event(B, "2"));
    push("mq:contract-task", event(A, "3"));
    assertThat(queue.takeOver()).isEqualTo(2);
    assertThat(queue.takeOver()).isZero();
    tasks();

    QueuedTask first = taken(0);
    assertThat(said(first)).isEqualTo("1");
    assertThat(first.formers()).isTrue();
    assertThat(said(taken(1))).isEqualTo("2");
    queue.done(first);
    assertThat(said(taken(0))).isEqualTo("3");
    assertThat(taken(0).formers()).isFalse();
  }

  @Test
  void whatIsNoTaskIsHandedOutAndHoldsUpNothing() {
    String large = "x".repeat((1 << 20) + 1);
    tasks("no JSON", "[]", "{\"id\":7}", "[".repeat(5000), large, event(A, "1"));

    for (int slot = 0; slot < 5; slot++) {
      taken(slot);
    }
    assertThat(said(taken(5))).isEqualTo("1");
  }

  @Test
  void whatFailedForGoodIsKeptApartUntilItIsTriedAgain() {
    var letters = new RedisDeadLetters(REDIS.connection());
    tasks(event(A, "1"), event(A, "2"));
    QueuedTask task = taken(0);
    assertThat(queue.bury(task, "create", "no such image")).isTrue();
    assertThat(said(taken(0))).as("the next one goes on").isEqualTo("2");
    queue.done(taken(0));

    assertThat(letters.all()).hasSize(1);
    DeadLetter letter = letters.find(task.number());
    assertThat(letter).isNotNull();
    assertThat(letter.contract()).isEqualTo(A);
    assertThat(letter.action()).isEqualTo("create");
    assertThat(letter.reason()).isEqualTo("no such image");
    assertThat(letter.event()).isEqualTo(task.event());
    assertThat(letter.failed()).isAfterOrEqualTo(letter.arrived());
    assertThat(letters.all().getFirst().event()).isEmpty();

    assertThat(letters.retry(task.number())).isTrue();
    assertThat(letters.all()).isEmpty();
    QueuedTask again = taken(0);
    assertThat(again.delivery()).isEqualTo(task.delivery());
    assertThat(letters.retry(task.number())).as("it is no dead letter now").isTrue();
    queue.done(again);
    assertThat(letters.retry(task.number())).isFalse();
  }

  @Test
  void aDroppedOneIsGoneWithItsEvent() {
    var letters = new RedisDeadLetters(REDIS.connection());
    tasks("poison with s3cr3t");
    QueuedTask task = taken(0);
    queue.bury(task, "", "no JSON");
    assertThat(letters.all().getFirst().contract()).isEmpty();

    assertThat(letters.drop(task.number())).isTrue();
    assertThat(letters.drop(task.number())).isFalse();
    assertThat(letters.find(task.number())).isNull();
    assertThat(leftKeys()).containsExactlyInAnyOrder("number", "workers");
  }

  @Test
  void saysHowTheQueueIs() {
    tasks(event(A, "1"), event(A, "2"), event(B, "3"));
    push("mq:contract-task", event(B, "4"));
    taken(0);

    var state = queue.beat("w", Map.of());
    assertThat(state.waiting()).isEqualTo(3);
    assertThat(state.running()).isEqualTo(1);
    assertThat(state.workers()).isEqualTo(1);
    assertThat(state.dead()).isZero();
    assertThat(state.oldest()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void aHundredThousandTasksAreTakenInWithinSeconds() {
    try (var chain = REDIS.server().client()) {
      for (int i = 0; i < 100; i++) {
        var pipeline = chain.pipelined();
        for (int j = 0; j < 1000; j++) {
          String contract =
              String.format("%08x-0a4e-4a55-9f0b-6c0f9a1a2b3c", (i * 1000 + j) % 5000);
          pipeline.lpush("mq:contract-task", event(contract, "x".repeat(600)));
        }
        pipeline.sync();
      }
    }
    long start = System.nanoTime();
    tasks();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    System.out.println("100,000 tasks are taken in within " + took);

    assertThat(took).isLessThan(Duration.ofSeconds(30));
    assertThat(queue.beat("w", Map.of()).waiting()).isEqualTo(100_000);
    assertThat(taken(0).number()).isEqualTo(1);
  }
}
