package io.contractbuilder.storage.redis;

import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisCommand;
import io.contractbuilder.storage.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store with the chain's cache beside it (chain formats, §3): what is put is written through,
 * what is deleted is removed. Reads go to the store, as a job must not act on what a cache holds.
 *
 * <p>A change takes the entry out of the cache first, so that whoever reads meanwhile, or after
 * this was cut off between the two, finds what the store holds and nothing older.
 */
public final class CachedObjectStore implements ObjectStore {
  private static final String PREFIX = "storage:";
  private static final int BATCH = 1000;

  private final ObjectStore store;
  private final Redis cache;

  public CachedObjectStore(ObjectStore store, Redis cache) {
    this.store = store;
    this.cache = cache;
  }

  @Override
  public byte @Nullable [] get(String key) {
    return store.get(key);
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.contractbuilder.redis.RedisException if the cache cannot be told: the chain would go
   *     on reading what was there before
   */
  @Override
  public void put(String key, byte[] value) {
    forget(List.of(key));
    store.put(key, value);
    cache.bytes(
        "write " + key + " through to the storage's cache",
        RedisCommand.SET,
        bytes(PREFIX + key),
        value);
  }

  @Override
  public boolean delete(String key) {
    forget(List.of(key));
    boolean deleted = store.delete(key);
    // Whoever read in between may have put it back.
    forget(List.of(key));
    return deleted;
  }

  @Override
  public void deleteAll(Collection<String> keys) {
    List<String> all = List.copyOf(keys);
    forget(all);
    store.deleteAll(all);
    // Whoever read in between may have put it back.
    forget(all);
  }

  @Override
  public List<String> list(String prefix) {
    return store.list(prefix);
  }

  private void forget(List<String> keys) {
    for (int from = 0; from < keys.size(); from += BATCH) {
      List<String> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
      cache.command(
          "remove " + batch.getFirst() + " from the storage's cache",
          RedisCommand.DEL,
          batch.stream().map(PREFIX::concat).toArray(String[]::new));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
