package io.contractbuilder.storage.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.contractbuilder.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, or cannot be written: real ones, in a mount namespace of their own. */
class DiskFaultsTest {
  @TempDir private Path folder;

  @Test
  void oneThatCannotBeWrittenWillNotBeLater() throws Exception {
    String fill = "mkdir \"$0\"/KEYS && echo theirs >\"$0\"/KEYS/a && mount -o remount,ro \"$0\"";
    try (Mount disk = Mount.of(folder, "size=1m", fill)) {
      var store = new DiskObjectStore(disk.folder());

      for (Runnable write :
          List.<Runnable>of(
              () -> store.put("KEYS/a", new byte[1]),
              () -> store.put("SMARTCONTRACT/a/metadata.json", new byte[1]),
              () -> store.delete("KEYS/a"))) {
        StorageException e = catchThrowableOfType(StorageException.class, write::run);
        assertThat(e.answer()).isEqualTo("Read-only file system");
        assertThat(e.remedy()).contains("Mount", "STORAGE_LOCATION");
        assertThat(e.retryHelps()).isFalse();
      }
      assertThat(store.get("KEYS/a")).asString().isEqualTo("theirs\n");
    }
  }

  @Test
  void oneThatIsFullMayHaveRoomLaterAndKeepsWhatWasThere() throws Exception {
    try (Mount disk = Mount.of(folder, "size=64k", "true")) {
      var store = new DiskObjectStore(disk.folder());
      store.put("KEYS/a", "before".getBytes(UTF_8));

      StorageException e =
          catchThrowableOfType(
              StorageException.class, () -> store.put("KEYS/a", new byte[128 * 1024]));

      assertThat(e.answer()).isEqualTo("No space left on device");
      assertThat(e.remedy()).contains("has room");
      assertThat(e.retryHelps()).isTrue();
      assertThat(store.get("KEYS/a")).asString().isEqualTo("before");
      try (Stream<Path> files = Files.list(disk.folder().resolve("KEYS"))) {
        assertThat(files.map(file -> String.valueOf(file.getFileName()))).containsExactly("a");
      }
    }
  }
}
