package io.contractbuilder.scheduler.redis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisCommand;
import io.contractbuilder.redis.RedisException;
import io.contractbuilder.scheduler.RunningSchedule;
import io.contractbuilder.scheduler.ScheduleDocument;
import io.contractbuilder.scheduler.ScheduledContract;
import io.contractbuilder.scheduler.Scheduler;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
        item("update", contract),
        "");
  }

  /**
   * {@inheritDoc} Nothing is pushed where the scheduler lacks it. False, too, where it was pushed
   * just now and the answer to that was lost.
   *
   * @throws RedisException if it is not known to be pushed
   */
  @Override
  public boolean unschedule(ContractId id, TransactionType type, ExecutionOrder order) {
    return unschedule(id, delete(id, type, order), "");
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisException if it is not known to be pushed
   */
  @Override
  public void disable(ContractId id, TransactionType type, ExecutionOrder order, String task) {
    unschedule(id, delete(id, type, order), task);
  }

  private boolean unschedule(ContractId id, String delete, String task) {
    return SchedulerScript.run(
        redis, "unschedule contract " + id, id.value(), delete, "", "", task);
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisException if it does not answer
   */
  @Override
  public List<RunningSchedule> schedules() {
    Map<String, byte[]> documents = new TreeMap<>();
    // First what waits: an item that the scheduler takes meanwhile is seen here, or in both.
    List<byte[]> waiting =
        answers(redis.command("read its list", RedisCommand.LRANGE, WAITING, "0", "-1"));
    List<byte[]> held = answers(redis.command("read what it holds", RedisCommand.HGETALL, HELD));
    for (int i = 0; i + 1 < held.size(); i += 2) {
      documents.put(String.valueOf(Redis.text(held.get(i))), held.get(i + 1));
    }
    for (byte[] item : waiting.reversed()) {
      carryOut(item, documents);
    }
    return documents.entrySet().stream()
        .map(entry -> RunningSchedule.read(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** As the scheduler will. */
  private static void carryOut(byte[] item, Map<String, byte[]> documents) {
    try {
      JsonNode node = Json.read(item);
      String id = node.path("contract_id").asText();
      switch (node.path("action").asText()) {
        case "create", "update" -> documents.put(id, item);
        case "delete" -> documents.remove(id);
        default -> {
          // Ignored, as by the chain's.
        }
      }
    } catch (MalformedJson e) {
      // Of no contract that could be named.
      return;
    }
  }

  private static List<byte[]> answers(@Nullable Object answer) {
    return answer instanceof List<?> list
        ? list.stream().filter(byte[].class::isInstance).map(byte[].class::cast).toList()
        : List.of();
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
