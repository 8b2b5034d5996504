package io.contractbuilder.index.redisearch;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.index.IndexException;
import io.contractbuilder.index.SearchIndex;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisCommand;
import io.contractbuilder.redis.RedisException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The chain's indexes in a RediSearch 1.x (chain formats, §3 and §8). Names go as arguments of
 * their own: nothing in them is query syntax.
 */
public final class RediSearchIndex implements SearchIndex {
  /** Contracts: a document by its id for each. */
  private static final String CONTRACTS = "sc";

  /**
   * The chain's own, never dropped. RediSearch tells names apart by case, so an index {@code SC} is
   * a transaction type's.
   */
  private static final Set<String> CHAINS_OWN = Set.of(CONTRACTS, "bk", "tx", "ver");

  private static final int PAGE = 1000;

  private final Redis redis;

  public RediSearchIndex(Redis redis) {
    this.redis = redis;
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisException if anything of it is perhaps still there
   * @throws IndexException if RediSearch is not loaded
   */
  @Override
  public void remove(ContractId id, @Nullable TransactionType type) {
    String document = "remove contract " + id + " from index " + CONTRACTS;
    removing(document, RedisCommand.FT_DEL, CONTRACTS, id.value(), "DD");
    // A document that was taken out of the index without DD left its hash, which DD no longer
    // finds.
    redis.command("remove the document of contract " + id, RedisCommand.DEL, id.value());
    if (type != null && !CHAINS_OWN.contains(type.value())) {
      removing("drop index " + type, RedisCommand.FT_DROP, type.value());
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisException if it does not answer, or the chain has no such index
   */
  @Override
  public Set<String> contracts() {
    var ids = new HashSet<String>();
    for (int from = 0; ; from += PAGE) {
      List<?> page = page(from);
      page.stream().map(Redis::text).filter(Objects::nonNull).forEach(ids::add);
      // Its first element is how many there are in all.
      if (page.isEmpty() || !(page.getFirst() instanceof Long all) || from + PAGE >= all) {
        return ids;
      }
    }
  }

  private List<?> page(int from) {
    Object answer =
        redis.command(
            "list the contracts in index " + CONTRACTS,
            RedisCommand.FT_SEARCH,
            CONTRACTS,
            "*",
            "NOCONTENT",
            "LIMIT",
            Integer.toString(from),
            Integer.toString(PAGE));
    return answer instanceof List<?> list ? list : List.of();
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisException if it is perhaps not there
   */
  @Override
  public void put(ContractId id, TransactionType type) {
    redis.command(
        "put contract " + id + " into index " + CONTRACTS,
        RedisCommand.FT_ADD,
        CONTRACTS,
        id.value(),
        "1.0",
        "REPLACE",
        "FIELDS",
        "sc_name",
        type.value());
  }

  /** Where there is no such index there is nothing to remove. */
  private void removing(String operation, RedisCommand command, String... arguments) {
    try {
      redis.command(operation, command, arguments);
    } catch (RedisException e) {
      String answer = e.answer().toLowerCase(Locale.ROOT);
      if (answer.startsWith("err unknown command")) {
        throw noModule(operation, e);
      }
      if (!answer.startsWith("unknown index name")) {
        throw e;
      }
    }
  }

  /**
   * Asks it: {@code RediSearch 1.2.0}; the same server may have more modules.
   *
   * @throws RedisException if it does not answer
   * @throws IndexException if RediSearch is not loaded
   */
  public String version() {
    Object modules = redis.command("ask for its modules", RedisCommand.MODULE, "LIST");
    if (modules instanceof List<?> list) {
      for (Object module : list) {
        if (module instanceof List<?> fields && "ft".equals(field(fields, "name"))) {
          return field(fields, "ver") instanceof Long version
              ? "RediSearch " + version / 10_000 + "." + version / 100 % 100 + "." + version % 100
              : "RediSearch of an unknown version";
        }
      }
    }
    throw noModule("ask for its modules", null);
  }

  private IndexException noModule(String operation, @Nullable RedisException cause) {
    return new IndexException(
        redis.address().toString(),
        operation,
        "it is a Redis without RediSearch",
        "Load the module redisearch.so, 1.x, or name the right Redis (REDISEARCH_ENDPOINT)",
        cause);
  }

  /** Of names and values in turn. */
  private static @Nullable Object field(List<?> fields, String name) {
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (name.equals(Redis.text(fields.get(i)))) {
        Object value = fields.get(i + 1);
        return value instanceof Long ? value : Redis.text(value);
      }
    }
    return null;
  }
}
