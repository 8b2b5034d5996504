package io.contractbuilder.storage.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisCommand;
import io.contractbuilder.redis.RedisException;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A storage with the chain's cache beside it: key {@code storage:<storage key>}, written through on
 * put, removed on delete (chain formats, §3). The chain's other programs believe what they find in
 * the cache, so a stale entry is worse than none:
 *
 * <ul>
 *   <li>Before an object is changed its entry goes; where that fails, nothing was changed. Whoever
 *       is killed after it leaves the cache without an entry, which is never wrong.
 *   <li>After it was changed the new entry is written, or the old one removed again, which a reader
 *       in between may have put back. Where that fails the call fails and may be repeated.
 *   <li>Reads ask the storage itself: the cache may hold what another program wrote last, or what
 *       is left of one that was killed, and for one job's few reads it saves nothing.
 * </ul>
 *
 * The cache's faults are {@link StorageException}s, too.
 */
public final class CachedObjectStore implements ObjectStore {
  private static final String PREFIX = "storage:";
  private static final int MOST_AT_ONCE = 1000;

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

  @Override
  public List<String> list(String prefix) {
    return store.list(prefix);
  }

  @Override
  public List<String> children(String prefix) {
    return store.children(prefix);
  }

  @Override
  public void put(String key, byte[] value) {
    forget(List.of(ObjectStore.validKey(key)));
    store.put(key, value);
    send("write " + key, RedisCommand.SET, (PREFIX + key).getBytes(UTF_8), value);
  }

  @Override
  public boolean delete(String key) {
    List<String> one = List.of(ObjectStore.validKey(key));
    forget(one);
    boolean deleted = store.delete(key);
    forget(one);
    return deleted;
  }

  @Override
  public void deleteAll(Collection<String> keys) {
    List<String> all = keys.stream().map(ObjectStore::validKey).toList();
    forget(all);
    store.deleteAll(all);
    forget(all);
  }

  private void forget(List<String> keys) {
    for (int from = 0; from < keys.size(); from += MOST_AT_ONCE) {
      List<String> some = keys.subList(from, Math.min(keys.size(), from + MOST_AT_ONCE));
      String more = some.size() > 1 ? " and " + (some.size() - 1) + " more" : "";
      send(
          "remove " + some.getFirst() + more,
          RedisCommand.DEL,
          some.stream().map(key -> (PREFIX + key).getBytes(UTF_8)).toArray(byte[][]::new));
    }
  }

  private void send(String operation, RedisCommand command, byte[]... arguments) {
    try {
      cache.bytes(operation, command, arguments);
    } catch (RedisException e) {
      throw new StorageException(
          "cache " + cache.address(), operation, e.answer(), e.remedy(), e.retryHelps(), e);
    }
  }
}
