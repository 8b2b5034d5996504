package io.contractbuilder.scheduler.redis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/**
 * Does what the chain's scheduler does with its list, and stops where that stops (chain formats,
 * §6). Taking an item and carrying it out are two steps, between which anything may happen.
 */
public final class ChainScheduler {
  private final Jedis redis;
  private final Set<String> running = new HashSet<>();
  private @Nullable JsonNode inHand;

  public ChainScheduler(Jedis redis) {
    this.redis = redis;
  }

  /** Carries out everything that waits. */
  public void carryOutAll() {
    takeAll();
    carryOut();
  }

  /** Carries out everything that waits but the newest item, which it has in hand then. */
  void takeAll() {
    while (redis.llen(RedisScheduler.WAITING) > 0) {
      take();
    }
  }

  /** Ends what it has in hand and takes the oldest item from the list; false if none waits. */
  boolean take() {
    carryOut();
    String item = redis.rpop(RedisScheduler.WAITING);
    if (item == null) {
      return false;
    }
    inHand = read(item);
    return true;
  }

  /** Ends the work on what was taken, if anything was. */
  void carryOut() {
    JsonNode item = inHand;
    inHand = null;
    if (item != null) {
      carryOut(item);
    }
  }

  /** Dies, with what it had in hand, and starts again with what it had written. */
  void crash() {
    inHand = null;
    running.clear();
    running.addAll(redis.hkeys(RedisScheduler.HELD));
  }

  private void carryOut(JsonNode item) {
    String id = item.required("contract_id").asText();
    item.required("txn_type");
    item.required("execution_order");
    switch (item.required("action").asText()) {
      case "create" -> {
        if (running.contains(id)) {
          throw new Stopped("create of what runs: " + item);
        }
        begin(id, item);
      }
      case "update" -> {
        if (!running.contains(id)) {
          throw new Stopped("update of what does not run: " + item);
        }
        begin(id, item);
      }
      case "delete" -> {
        running.remove(id);
        redis.hdel(RedisScheduler.HELD, id);
      }
      default -> {
        // Ignored, as by the chain's.
      }
    }
  }

  private void begin(String id, JsonNode item) {
    var held = (ObjectNode) item.deepCopy();
    held.remove("action");
    // Written before it is checked.
    redis.hset(RedisScheduler.HELD, id, Json.text(held));
    boolean cron = !item.path("cron").isNull();
    boolean seconds = !item.path("seconds").isNull();
    if (cron == seconds) {
      throw new Stopped("both or neither of cron and seconds: " + item);
    }
    if (cron) {
      CronExpression.parse(item.path("cron").asText());
    }
    running.add(id);
  }

  private static JsonNode read(String item) {
    try {
      return Json.read(item.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedJson e) {
      throw new AssertionError(item, e);
    }
  }

  /** The chain's scheduler would have ended here. */
  public static final class Stopped extends RuntimeException {
    Stopped(String message) {
      super(message);
    }
  }
}
