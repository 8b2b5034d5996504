package io.contractbuilder.scheduler.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.redis.OwnRedis;
import io.contractbuilder.scheduler.ScheduledContract;
import io.contractbuilder.scheduler.Scheduler;
import io.contractbuilder.scheduler.SchedulerConformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

@SuppressWarnings("NullAway.Init")
class RedisSchedulerIT extends SchedulerConformance {
  private static final TransactionType TYPE = new TransactionType("currency");
  private static final ContractId ID = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  private static final Schedule OFTEN = new Schedule.Every(30);
  private static final Schedule DAILY = new Schedule.Cron(CronExpression.parse("0 0 * * *"));

  @RegisterExtension static final OwnRedis REDIS = new OwnRedis();
  private Jedis client;
  private ChainScheduler chain;

  @BeforeEach
  void connect() {
    client = REDIS.server().client();
    chain = new ChainScheduler(client);
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Override
  protected Scheduler scheduler() {
    return new RedisScheduler(REDIS.connection());
  }

  @Override
  protected List<String> running() {
    chain.carryOutAll();
    return client.hgetAll("scheduler:params").values().stream().sorted().toList();
  }

  @Test
  void pushesTheChainsForm() {
    schedule(OFTEN);
    scheduler().unschedule(ID, TYPE, ExecutionOrder.SERIAL);

    assertThat(waiting())
        .containsExactly(
            "{\"action\":\"create\",\"contract_id\":\""
                + ID
                + "\",\"txn_type\":\"currency\",\"execution_order\":\"serial\","
                + "\"cron\":null,\"seconds\":30}",
            "{\"action\":\"delete\",\"contract_id\":\""
                + ID
                + "\",\"txn_type\":\"currency\",\"execution_order\":\"serial\","
                + "\"cron\":null,\"seconds\":null}");
  }

  @Test
  void whatItWillHoldIsUpdated() {
    schedule(OFTEN);
    schedule(DAILY);

    assertThat(actions()).containsExactly("create", "update");
  }

  @Test
  void whatItHoldsIsUpdatedAlsoWhereNothingIsRemembered() {
    schedule(OFTEN);
    chain.carryOutAll();
    client.del("contract-builder:scheduled:" + ID);

    schedule(DAILY);

    assertThat(actions()).containsExactly("update");
  }

  @Test
  void whatItHoldsOrWillHoldIsNotPushedAgain() {
    schedule(OFTEN);
    schedule(OFTEN);
    assertThat(actions()).containsExactly("create");

    chain.carryOutAll();
    schedule(OFTEN);
    assertThat(actions()).isEmpty();
  }

  @Test
  void whatTheChainWroteItselfIsRead() {
    client.hset(
        "scheduler:params",
        ID.value(),
        "{\"action\": \"create\", \"seconds\": null, \"cron\": \"0\\u00a00 * * *\","
            + " \"txn_type\": \"currency\", \"execution_order\": \"serial\"}");

    schedule(new Schedule.Cron(CronExpression.parse("0\u00a00 * * *")));
    assertThat(actions()).isEmpty();
    schedule(DAILY);
    assertThat(actions()).containsExactly("update");
  }

  @Test
  void whatItLacksIsNotDeleted() {
    assertThat(scheduler().unschedule(ID, TYPE, ExecutionOrder.SERIAL)).isFalse();

    assertThat(actions()).isEmpty();
  }

  /** Chain formats, §8; the scheduler ignores it (§6). */
  @Test
  void whatItLacksIsDeletedOnceForEachTaskThatAsksForIt() {
    disable("one");
    disable("one");
    assertThat(actions()).containsExactly("delete");
    chain.carryOutAll();
    disable("one");
    assertThat(actions()).isEmpty();

    disable("two");
    assertThat(actions()).containsExactly("delete");
    assertThat(waiting()).singleElement().asString().doesNotContain("two");
  }

  @Test
  void whatItHoldsIsDeletedOnceAlsoWhereATaskAsksForIt() {
    schedule(OFTEN);
    disable("one");
    disable("one");
    assertThat(actions()).containsExactly("create", "delete");

    schedule(OFTEN);
    assertThat(actions()).containsExactly("create", "delete", "create");
    assertThat(running()).hasSize(1);
  }

  @Test
  void whatIsInItsHandIsDeletedAndCreatedAnew() {
    schedule(OFTEN);
    chain.take();

    schedule(DAILY);

    assertThat(actions()).containsExactly("delete", "create");
    assertThat(running()).singleElement().asString().contains("0 0 * * *");
  }

  @Test
  void whatItLostIsCreatedAnew() {
    schedule(OFTEN);
    client.rpop("mq:scheduler");

    schedule(OFTEN);

    assertThat(actions()).containsExactly("delete", "create");
  }

  @Test
  void whatIsInItsHandIsUnscheduled() {
    schedule(OFTEN);
    chain.take();

    assertThat(scheduler().unschedule(ID, TYPE, ExecutionOrder.SERIAL)).isTrue();

    assertThat(running()).isEmpty();
  }

  @Test
  void othersItemsAndWhatIsNoItemDoNotDecide() {
    schedule(OFTEN);
    client.lpush("mq:scheduler", "no JSON " + ID, "[\"" + ID + "\"]", "7");
    client.lpush("mq:scheduler", "{\"action\":\"dance\",\"contract_id\":\"" + ID + "\"}");
    client.lpush(
        "mq:scheduler",
        "{\"action\":\"delete\",\"contract_id\":\"another\",\"txn_type\":\"" + ID + "\"}");
    long before = client.llen("mq:scheduler");

    schedule(OFTEN);

    assertThat(client.llen("mq:scheduler")).isEqualTo(before);
  }

  @Test
  void behindALongListItIsDeletedAndCreatedAnew() {
    schedule(OFTEN);
    var others = new ArrayList<String>();
    for (int i = 0; i < 20_000; i++) {
      others.add("{\"action\":\"delete\",\"contract_id\":\"" + i + "\"}");
    }
    client.lpush("mq:scheduler", others.toArray(String[]::new));

    schedule(DAILY);

    assertThat(actions().reversed()).startsWith("create", "delete").endsWith("create");
  }

  private void schedule(Schedule schedule) {
    scheduler().schedule(new ScheduledContract(ID, TYPE, ExecutionOrder.SERIAL, schedule));
  }

  private void disable(String task) {
    scheduler().disable(ID, TYPE, ExecutionOrder.SERIAL, task);
  }

  private static List<String> waiting() {
    return REDIS.server().pushed("mq:scheduler");
  }

  private static List<String> actions() {
    return waiting().stream()
        .map(item -> item.replaceAll("\\{\"action\":\"(\\w+)\".*", "$1"))
        .toList();
  }
}
