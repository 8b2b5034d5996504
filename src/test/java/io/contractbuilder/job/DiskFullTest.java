package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.disk.DiskObjectStore;
import io.contractbuilder.storage.disk.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real disk on which there is no room from any write on; later there is. */
class DiskFullTest {
  @TempDir private Path folder;

  /** Fills its disk before a write. */
  private static final class FillingStore implements ObjectStore {
    private final Mount disk;
    private final ObjectStore store;
    private final List<String> written = new ArrayList<>();
    private int fullFrom = Integer.MAX_VALUE;

    FillingStore(Mount disk) {
      this.disk = disk;
      this.store = new DiskObjectStore(disk.folder().resolve("storage"));
    }

    @Override
    public byte @Nullable [] get(String key) {
      return store.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
      if (written.size() == fullFrom) {
        disk.fill();
      }
      written.add(key);
      store.put(key, value);
    }

    @Override
    public boolean delete(String key) {
      return store.delete(key);
    }

    @Override
    public List<String> list(String prefix) {
      return store.list(prefix);
    }

    @Override
    public List<String> children(String prefix) {
      return store.children(prefix);
    }

    /** As new. */
    void clear() {
      disk.empty();
      fullFrom = Integer.MAX_VALUE;
      store.list("").forEach(store::delete);
      written.clear();
    }
  }

  @Test
  void theSameAgainGoesWellOnceThereIsRoom() throws IOException {
    var rows = new LinkedHashMap<String, Map<FailingAction, String>>();
    try (Mount disk = Mount.of(folder, "size=256k", "true")) {
      var store = new FillingStore(disk);
      for (FailingAction action : FailingAction.values()) {
        List<String> undisturbed = undisturbed(store, action);
        List<String> writes = List.copyOf(store.written);
        for (int write = 0; write < writes.size(); write++) {
          String row = (write + 1) + ", `" + named(writes.get(write)) + "`";
          rows.computeIfAbsent(row, _ -> new EnumMap<>(FailingAction.class))
              .put(action, outcome(store, action, write, undisturbed));
        }
      }
    }
    FailuresDocument.assertHolds("disk", DiskFullTest.class, table(rows));
  }

  private static String outcome(
      FillingStore store, FailingAction action, int write, List<String> undisturbed) {
    store.clear();
    World world = action.world(new World(store));
    store.written.clear();
    store.fullFrom = write;
    Outcome full = world.run(action.task(), "t");
    assertThat(full)
        .as("%s, full from write %s", action, write)
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.reason()).contains("No space left on device", "has room"));
    String ended = FailuresDocument.ended(full, world);
    store.disk.empty();
    store.fullFrom = Integer.MAX_VALUE;
    assertThat(world.run(action.task(), "t")).isInstanceOf(Outcome.Done.class);
    assertThat(held(world)).as("%s, full from write %s", action, write).isEqualTo(undisturbed);
    return ended;
  }

  private static List<String> undisturbed(FillingStore store, FailingAction action) {
    store.clear();
    World world = action.world(new World(store));
    store.written.clear();
    world.run(action.task(), "t");
    return held(world);
  }

  private static List<String> held(World world) {
    var held = new ArrayList<>(world.store.list("").stream().map(DiskFullTest::named).toList());
    world.images.forEach(image -> held.add(image.value()));
    held.addAll(world.secrets.keySet());
    world.functions.values().forEach(function -> held.add(function.toString()));
    held.addAll(world.schedules.values());
    world.transactions.values().forEach(one -> held.add(one.action() + one.imageDigest()));
    return held;
  }

  private static String named(String key) {
    return key.replace(Tasks.ID.value(), "(id)").replaceFirst("SC_[A-Z]{12}", "(key id)");
  }

  private static String table(Map<String, Map<FailingAction, String>> rows) {
    var table =
        new StringBuilder("| from its write | create | update | delete |\n|---|---|---|---|\n");
    rows.forEach(
        (row, outcomes) -> {
          table.append("| ").append(row).append(" |");
          for (FailingAction action : FailingAction.values()) {
            table.append(' ').append(outcomes.getOrDefault(action, "")).append(" |");
          }
          table.append('\n');
        });
    return table.toString();
  }
}
