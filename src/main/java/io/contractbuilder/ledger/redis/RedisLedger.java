package io.contractbuilder.ledger.redis;

import io.contractbuilder.json.Json;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.ledger.TransactionDocument;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisException;
import java.time.Duration;
import java.util.List;

/** The list that the chain's transaction processor reads (chain formats, §7). */
public final class RedisLedger implements Ledger {
  /** What the chain reads. */
  static final String TRANSACTIONS = "dc:tx:incoming";

  /** With a transaction's id: it was pushed. */
  static final String MARKER = "contract-builder:ledgered:";

  /** Longer than anybody runs a job again. */
  private static final Duration REMEMBERED = Duration.ofDays(8);

  /** The push first: where it is refused, nothing is remembered. */
  private static final String APPEND =
      """
      if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
      redis.call('LPUSH', KEYS[1], ARGV[1])
      redis.call('SET', KEYS[2], '1', 'EX', ARGV[2])
      return 1
      """;

  private final Redis redis;
  private final String chain;

  /**
   * @param chain the public chain id
   */
  public RedisLedger(Redis redis, String chain) {
    this.redis = redis;
    this.chain = chain;
  }

  /**
   * {@inheritDoc} It is remembered for 8 days. False, too, where it was appended just now and the
   * answer to that was lost.
   *
   * @throws RedisException if it is not known to stand in the ledger
   */
  @Override
  public boolean append(LedgerTransaction transaction) {
    Object pushed =
        redis.script(
            "append transaction " + transaction.id(),
            APPEND,
            List.of(TRANSACTIONS, MARKER + transaction.id()),
            List.of(
                Json.text(TransactionDocument.toJson(transaction, chain)),
                Long.toString(REMEMBERED.toSeconds())));
    return Long.valueOf(1).equals(pushed);
  }

  /**
   * What keeps it.
   *
   * @throws RedisException if it does not answer
   */
  public String version() {
    return redis.version();
  }
}
