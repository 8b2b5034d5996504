package io.contractbuilder.index.redisearch;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.index.SearchIndex;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisCommand;
import io.contractbuilder.redis.RedisException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The chain's index on RediSearch 1.x: contracts are documents of the index {@code sc}, named by
 * their id; each transaction type has an index of its own, named as the type (chain formats, §3).
 */
public final class RediSearchIndex implements SearchIndex {
  private static final String CONTRACTS = "sc";

  /** The chain's own, of contracts, blocks, transactions and verifications; never dropped. */
  private static final Set<String> CHAINS_OWN = Set.of(CONTRACTS, "bk", "tx", "ver");

  private final Redis redis;

  public RediSearchIndex(Redis redis) {
    this.redis = redis;
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisException if it failed
   */
  @Override
  public void remove(ContractId id, @Nullable TransactionType type) {
    String operation = "remove contract " + id + " from the search index";
    unlessUnknown(operation, RedisCommand.FT_DEL, CONTRACTS, id.value());
    // What a document was made of stays behind as a hash of its name.
    redis.command(operation, RedisCommand.DEL, id.value());
    if (type != null && !CHAINS_OWN.contains(type.value())) {
      unlessUnknown("drop the search index of " + type, RedisCommand.FT_DROP, type.value());
    }
  }

  private void unlessUnknown(String operation, RedisCommand command, String... arguments) {
    try {
      redis.command(operation, command, arguments);
    } catch (RedisException e) {
      if (!e.answer().toLowerCase(Locale.ROOT).contains("unknown index")) {
        throw e;
      }
    }
  }

  /**
   * Asks for the indexes' Redis and whether it searches.
   *
   * @throws RedisException if it does not
   */
  public String version() {
    unlessUnknown("ask for the index of contracts", RedisCommand.FT_INFO, CONTRACTS);
    return redis.version() + " with RediSearch";
  }
}
