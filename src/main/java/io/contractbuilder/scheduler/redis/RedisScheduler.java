package io.contractbuilder.scheduler.redis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisException;
import io.contractbuilder.scheduler.ScheduleDocument;
import io.contractbuilder.scheduler.ScheduledContract;
import io.contractbuilder.scheduler.Scheduler;

/** The list that the chain's scheduler reads (chain formats, §6). */
public final class RedisScheduler implements Scheduler {
  /** What the scheduler is to do, the newest in front. */
  static final String WAITING = "mq:scheduler";

  /** What the scheduler runs, by contract id. */
  static final String HELD = "scheduler:params";

  private final Redis redis;

  public RedisScheduler(Redis redis) {
    this.redis = redis;
  }

  /**
   * {@inheritDoc} Nothing is pushed where the scheduler holds it already or will.
   *
   * @throws RedisException if it is not known to be pushed
   */
  @Override
  public void schedule(ScheduledContract contract) {
    SchedulerScript.run(
        redis,
        "schedule contract " + contract.id(),
        contract.id().value(),
        delete(contract.id(), contract.type(), contract.executionOrder()),
        item("create", contract),
        item("update", contract));
  }

  /**
   * {@inheritDoc} Nothing is pushed where the scheduler lacks it. False, too, where it was pushed
   * just now and the answer to that was lost.
   *
   * @throws RedisException if it is not known to be pushed
   */
  @Override
  public boolean unschedule(ContractId id, TransactionType type, ExecutionOrder order) {
    return SchedulerScript.run(
        redis, "unschedule contract " + id, id.value(), delete(id, type, order), "", "");
  }

  /**
   * What keeps it.
   *
   * @throws RedisException if it does not answer
   */
  public String version() {
    return redis.version();
  }

  private static String item(String action, ScheduledContract contract) {
    ObjectNode schedule = ScheduleDocument.toJson(contract);
    // The scheduler stops on what it cannot take, and starts into it again: read it once more.
    if (!ScheduleDocument.read(Json.write(schedule)).equals(contract)) {
      throw new IllegalStateException("the schedule of contract " + contract.id() + " is none");
    }
    return Json.text(begin(action).setAll(schedule));
  }

  private static String delete(ContractId id, TransactionType type, ExecutionOrder order) {
    return Json.text(
        begin("delete")
            .put("contract_id", id.value())
            .put("txn_type", type.value())
            .put("execution_order", order.wire())
            .putNull("cron")
            .putNull("seconds"));
  }

  private static ObjectNode begin(String action) {
    return Json.object().put("action", action);
  }
}
