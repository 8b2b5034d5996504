package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.endtoend.Launched.Ended;
import java.io.IOException;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ListDirection;

/**
 * What the chain's own processor does to the queue (chain formats, §10). Its builder is played by
 * the program's {@code job} without a journal of earlier tries, as another program has none.
 */
final class FormerProcessor {
  private static final String PENDING = "mq:contract-pending";

  private final ProcessorBench bench;

  FormerProcessor(ProcessorBench bench) {
    this.bench = bench;
  }

  /** At its start it puts back what it had in hand. */
  void start() {
    try (Jedis chain = bench.server.client()) {
      for (String task = chain.lpop(PENDING); task != null; task = chain.lpop(PENDING)) {
        chain.rpush(ProcessorBench.TASKS, task);
      }
    }
  }

  /** Takes the next task. */
  String take() {
    try (Jedis chain = bench.server.client()) {
      String task =
          chain.lmove(ProcessorBench.TASKS, PENDING, ListDirection.RIGHT, ListDirection.LEFT);
      assertThat(task).as("a task waits").isNotNull();
      return task;
    }
  }

  /** Has a task done by a job. */
  void build(String task) throws IOException {
    Ended ended = Launched.run(bench.environment(Map.of("EVENT", task)), "job");
    assertThat(ended.code()).as(ended.all()).isZero();
  }

  /** Whatever it is, the newest of those in hand counts as done. */
  void acknowledge() {
    try (Jedis chain = bench.server.client()) {
      chain.lpop(PENDING);
    }
  }

  /** All that waits, one after another. */
  void doAll() throws IOException {
    try (Jedis chain = bench.server.client()) {
      while (chain.llen(ProcessorBench.TASKS) > 0) {
        build(take());
        acknowledge();
      }
    }
  }

  /** What it has in hand. */
  long pending() {
    try (Jedis chain = bench.server.client()) {
      return chain.llen(PENDING);
    }
  }
}
