package io.contractbuilder.storage.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisServer;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import io.contractbuilder.storage.disk.DiskObjectStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class CachedDiskIT extends CachedObjectStoreConformance {
  @TempDir private Path folder;

  @Override
  ObjectStore empty() {
    return new DiskObjectStore(folder.resolve("storage"));
  }

  @Test
  void nothingIsChangedWhereTheCacheIsAwayFromTheBeginning(@TempDir Path data) {
    store.put(KEY, "old".getBytes(UTF_8));
    var gone = RedisServer.start(data);
    gone.close();
    try (var away = new Redis(gone.address())) {
      var cached = new CachedObjectStore(store, away);

      assertThatThrownBy(() -> cached.put(KEY, "new".getBytes(UTF_8)))
          .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.retryHelps()).isTrue())
          .hasMessageContaining("cache " + gone.address())
          .hasMessageContaining("remove " + KEY);
      assertThat(store.get(KEY)).isEqualTo("old".getBytes(UTF_8));
    }
  }

  @Test
  void aCacheThatTurnsReadOnlyInTheMiddleNeverHasTheOldEntryAndTheNextTryRepairs() {
    store().put(KEY, "old".getBytes(UTF_8));
    try (var client = REDIS.server().client()) {
      var refusing =
          new CachedObjectStore(
              new After(store, () -> client.configSet("maxmemory", "1")), REDIS.connection());

      assertThatThrownBy(() -> refusing.put(KEY, "new".getBytes(UTF_8)))
          .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.retryHelps()).isTrue())
          .hasMessageContaining("write " + KEY)
          .hasMessageContaining("maxmemory");
      assertThat(client.exists(ENTRY)).isFalse();
      assertThat(store.get(KEY)).isEqualTo("new".getBytes(UTF_8));

      client.configSet("maxmemory", "0");
      store().put(KEY, "new".getBytes(UTF_8));
      assertThat(client.get(ENTRY)).isEqualTo("new");
    } finally {
      try (var client = REDIS.server().client()) {
        client.configSet("maxmemory", "0");
      }
    }
  }

  @Test
  void whoReadsTheOldObjectJustBeforeItGoesDoesNotKeepItInTheCache() {
    store().put(KEY, new byte[1]);
    try (var client = REDIS.server().client()) {
      var raced =
          new CachedObjectStore(
              new After(store, () -> client.set(ENTRY, "read before")), REDIS.connection());

      raced.delete(KEY);
      assertThat(client.exists(ENTRY)).isFalse();
      raced.deleteAll(List.of(KEY));
      assertThat(client.exists(ENTRY)).isFalse();
    }
  }

  /** Lets something happen after each change, before the cache hears of it. */
  private record After(ObjectStore store, Runnable then) implements ObjectStore {
    @Override
    public List<String> children(String prefix) {
      return store.children(prefix);
    }

    @Override
    public byte[] get(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void put(String key, byte[] value) {
      store.put(key, value);
      then.run();
    }

    @Override
    public boolean delete(String key) {
      boolean deleted = store.delete(key);
      then.run();
      return deleted;
    }

    @Override
    public List<String> list(String prefix) {
      return store.list(prefix);
    }
  }
}
