package io.contractbuilder.storage.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.redis.OwnRedis;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.ObjectStoreConformance;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a storage with the chain's cache does, whichever storage it is. */
@SuppressWarnings("NullAway.Init")
abstract class CachedObjectStoreConformance extends ObjectStoreConformance {
  static final String KEY = "SMARTCONTRACT/a/metadata.json";
  static final String ENTRY = "storage:" + KEY;

  @RegisterExtension static final OwnRedis REDIS = new OwnRedis();
  ObjectStore store;

  @BeforeEach
  void make() throws IOException {
    store = empty();
  }

  @AfterEach
  void disconnect() throws Exception {
    if (store instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  /** The storage itself, empty. */
  abstract ObjectStore empty() throws IOException;

  @Override
  protected ObjectStore store() {
    return new CachedObjectStore(store, REDIS.connection());
  }

  @Test
  void whatIsWrittenIsInTheCacheByteForByte() {
    byte[] bytes = {0, (byte) 0xff, '\r', '\n', 'x'};
    store().put(KEY, bytes);

    try (var client = REDIS.server().client()) {
      assertThat(client.keys("*")).containsExactly(ENTRY);
      assertThat(client.get(ENTRY.getBytes(UTF_8))).isEqualTo(bytes);
      assertThat(client.ttl(ENTRY)).as("no end").isEqualTo(-1);
    }
    assertThat(store.get(KEY)).isEqualTo(bytes);
  }

  @Test
  void whatIsDeletedIsInTheCacheNoMoreEvenIfTheStorageLacksIt() {
    try (var client = REDIS.server().client()) {
      client.set(ENTRY, "left by one that was killed");
      client.set("storage:other", "stays");

      assertThat(store().delete(KEY)).isFalse();

      assertThat(client.keys("*")).containsExactly("storage:other");
    }
  }

  @Test
  void manyAreRemovedFromBothInFewSteps() {
    List<String> keys =
        IntStream.range(0, 1200).mapToObj(i -> "SMARTCONTRACT/a/HEAP/" + i).toList();
    try (var client = REDIS.server().client()) {
      keys.forEach(key -> client.set("storage:" + key, "x"));
      store.put(keys.getFirst(), new byte[1]);
      store.put(keys.getLast(), new byte[1]);

      store().deleteAll(keys);

      assertThat(client.keys("*")).isEmpty();
    }
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void readsAreTheStoragesWhateverTheCacheSays() {
    store.put(KEY, "new".getBytes(UTF_8));
    try (var client = REDIS.server().client()) {
      client.set(ENTRY, "old");
    }

    assertThat(store().get(KEY)).isEqualTo("new".getBytes(UTF_8));
  }
}
