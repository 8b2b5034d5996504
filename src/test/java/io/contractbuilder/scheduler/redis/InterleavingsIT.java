package io.contractbuilder.scheduler.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisServer;
import io.contractbuilder.scheduler.ScheduleDocument;
import io.contractbuilder.scheduler.ScheduledContract;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Whatever happens in whatever order: the chain's scheduler never stops and ends as wanted. */
class InterleavingsIT {
  private static final TransactionType TYPE = new TransactionType("currency");
  private static final List<Schedule> SCHEDULES =
      List.of(
          new Schedule.Every(30),
          new Schedule.Every(1),
          new Schedule.Cron(CronExpression.parse("*/5 * * * mon")),
          new Schedule.Cron(CronExpression.parse("0  0 * * *")));

  private static final int STEPS = 4_000;

  private final Random choice = new Random();
  private final Map<ContractId, Schedule> wanted = new HashMap<>();
  private final List<ContractId> contracts =
      IntStream.range(0, 3).mapToObj(_ -> ContractId.random(choice)).toList();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void neverStopsAndEndsAsWanted(boolean crashes, @TempDir Path folder) {
    long seed = System.nanoTime();
    choice.setSeed(seed);
    try (var server = RedisServer.start(folder);
        var redis = new Redis(server.address());
        Jedis client = server.client()) {
      var scheduler = new RedisScheduler(redis);
      var chain = new ChainScheduler(client);
      for (int i = 0; i < STEPS; i++) {
        step(scheduler, chain, crashes);
      }
      if (crashes) {
        // What died with an item in its hand has to be told again.
        contracts.forEach(id -> want(scheduler, id, wanted.get(id)));
      }
      chain.carryOutAll();
      assertThat(client.hgetAll(RedisScheduler.HELD)).isEqualTo(documents());
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("with the seed " + seed, e);
    }
  }

  private void step(RedisScheduler scheduler, ChainScheduler chain, boolean crashes) {
    ContractId id = contracts.get(choice.nextInt(contracts.size()));
    switch (choice.nextInt(8)) {
      case 0, 1 -> want(scheduler, id, SCHEDULES.get(choice.nextInt(SCHEDULES.size())));
      case 2 -> want(scheduler, id, null);
      // The answer was lost: the same again.
      case 3 -> want(scheduler, id, wanted.get(id));
      case 4, 5 -> chain.take();
      case 6 -> chain.carryOut();
      default -> {
        chain.takeAll();
        if (crashes) {
          // With more waiting, a crash that loses one leaves what nobody could have foreseen.
          chain.crash();
        }
      }
    }
  }

  private void want(RedisScheduler scheduler, ContractId id, @Nullable Schedule schedule) {
    if (schedule == null) {
      wanted.remove(id);
      scheduler.unschedule(id, TYPE, ExecutionOrder.SERIAL);
    } else {
      wanted.put(id, schedule);
      scheduler.schedule(contract(id, schedule));
    }
  }

  private Map<String, String> documents() {
    var documents = new HashMap<String, String>();
    wanted.forEach(
        (id, schedule) ->
            documents.put(id.value(), Json.text(ScheduleDocument.toJson(contract(id, schedule)))));
    return documents;
  }

  private static ScheduledContract contract(ContractId id, Schedule schedule) {
    return new ScheduledContract(id, TYPE, ExecutionOrder.SERIAL, schedule);
  }
}
