package io.contractbuilder.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.ledger.redis.RedisLedger;
import io.contractbuilder.queue.QueuedTask;
import io.contractbuilder.queue.redis.RedisDeadLetters;
import io.contractbuilder.queue.redis.RedisTaskQueue;
import io.contractbuilder.scheduler.ScheduledContract;
import io.contractbuilder.scheduler.redis.RedisScheduler;
import io.contractbuilder.storage.redis.RedisContractLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol;

/** Which commands are sent: only what the oldest Redis has that a chain runs on. */
@SuppressWarnings("NullAway.Init")
class CommandsIT {
  /** What scripts call. */
  private static final Set<String> SCRIPTED =
      Set.of(
          "del",
          "exists",
          "get",
          "hget",
          "hincrby",
          "hlen",
          "hmget",
          "hset",
          "hsetnx",
          "hstrlen",
          "incr",
          "lindex",
          "llen",
          "lpop",
          "lpush",
          "lrange",
          "pexpire",
          "rpop",
          "rpush",
          "sadd",
          "set",
          "srem",
          "time",
          "zadd",
          "zcard",
          "zcount",
          "zrange",
          "zrangebyscore",
          "zrem",
          "zrevrange",
          "zscore");

  private static final Set<String> SENT =
      Set.of(
          "auth",
          "del",
          "eval",
          "exists",
          "get",
          "hdel",
          "hgetall",
          "info",
          "lrange",
          "module",
          "ping",
          "set",
          "type",
          "ft.add",
          "ft.create",
          "ft.del",
          "ft.drop",
          "ft.get",
          "ft.info",
          "ft.search");

  @TempDir private Path folder;

  @Test
  void theListIsThis() {
    assertThat(Arrays.stream(RedisCommand.values()).map(c -> c.toString().toLowerCase(Locale.ROOT)))
        .containsExactlyInAnyOrderElementsOf(SENT);
  }

  @Test
  void redis6HasThemAll() {
    try (var server = RedisServer.start(folder);
        var client = server.client()) {
      for (String name : all()) {
        if (!name.startsWith("ft.")) {
          assertThat(since(client.sendCommand(Protocol.Command.COMMAND, "DOCS", name)))
              .as(name)
              .matches("[1-5]\\..*|6\\.0\\..*");
        }
      }
    }
  }

  @Test
  void theAdaptersSendNoOthers() throws Exception {
    try (var server = RedisServer.start(folder);
        var client = server.client()) {
      for (int i = 0; i < 4; i++) {
        client.lpush("mq:contract-task", "{}");
      }
      client.configResetStat();
      useEverything(
          new RedisAddress("127.0.0.1", server.port(), null, "default", () -> new Secret("any")));

      Set<String> executed = executed(client.info("commandstats"));
      executed.removeIf(name -> name.startsWith("config"));
      assertThat(executed)
          .isSubsetOf(all())
          .contains("auth", "eval", "info")
          .containsAll(SCRIPTED.stream().filter(name -> !name.equals("pexpire")).toList());
    }
  }

  private static void useEverything(RedisAddress address) throws InterruptedException {
    var id = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
    var type = new TransactionType("currency");
    try (var redis = new Redis(address);
        var _ = new RedisContractLock(address, new Random(), _ -> {}).acquire(id, Duration.ZERO)) {
      var ledger = new RedisLedger(redis, "chain");
      ledger.append(
          new LedgerTransaction("a", "task", Instant.EPOCH, type, "create", "node", null));
      ledger.version();
      var scheduler = new RedisScheduler(redis);
      for (int seconds = 1; seconds < 3; seconds++) {
        var schedule = new Schedule.Every(seconds);
        scheduler.schedule(new ScheduledContract(id, type, ExecutionOrder.SERIAL, schedule));
      }
      scheduler.unschedule(id, type, ExecutionOrder.SERIAL);
      useTheQueue(redis);
    }
  }

  private static void useTheQueue(Redis redis) {
    var queue = new RedisTaskQueue(redis);
    var letters = new RedisDeadLetters(redis);
    queue.takeOver();
    queue.takeIn();
    for (int slot = 0; slot < 4; slot++) {
      QueuedTask task = Objects.requireNonNull(queue.take(new QueuedTask.Hold("w", slot)));
      switch (slot) {
        case 0 -> queue.done(task);
        case 1 -> queue.later(task, Duration.ofHours(1), "away");
        case 2 -> queue.bury(task, "create", "reason");
        default -> queue.putBack(task);
      }
    }
    queue.take(new QueuedTask.Hold("w", 0));
    queue.beat("w", Map.of(0, "image"));
    queue.look(10);
    queue.leave("w");
    long number = letters.all().getFirst().number();
    letters.find(number);
    letters.retry(number);
    letters.drop(number);
  }

  private static Set<String> executed(String statistics) {
    var names = new TreeSet<String>();
    for (String line : statistics.split("\r\n", -1)) {
      if (line.startsWith("cmdstat_")) {
        names.add(line.substring("cmdstat_".length(), line.indexOf(':')));
      }
    }
    return names;
  }

  /** Name, then a list of names and values: of one command's documentation. */
  private static String since(Object documentation) {
    var fields = (List<?>) ((List<?>) documentation).get(1);
    for (int i = 0; i < fields.size(); i += 2) {
      if (text(fields.get(i)).equals("since")) {
        return text(fields.get(i + 1));
      }
    }
    return "";
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  private static Set<String> all() {
    var all = new TreeSet<>(SENT);
    all.addAll(SCRIPTED);
    return all;
  }
}
