package io.contractbuilder.storage.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.ObjectStoreConformance;
import io.contractbuilder.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskObjectStoreTest extends ObjectStoreConformance {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Override
  protected ObjectStore store() {
    return new DiskObjectStore(folder.resolve("storage"));
  }

  @Test
  void readsWhatTheChainWroteAndIsReadByIt() throws Exception {
    Path file = folder.resolve("storage/SMARTCONTRACT/a/metadata.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "theirs");

    assertThat(store().get("SMARTCONTRACT/a/metadata.json")).isEqualTo("theirs".getBytes(UTF_8));
    store().put("SMARTCONTRACT/a/metadata.json", "ours".getBytes(UTF_8));
    assertThat(file).hasContent("ours");
  }

  @Test
  void whatRootWritesIsTheChainUsers() throws Exception {
    assumeThat(isRoot()).as("this test needs root").isTrue();

    store().put("SMARTCONTRACT/a/metadata.json", new byte[1]);
    store().put("KEYS/SC_A", new byte[1]);

    for (String path :
        List.of(
            "",
            "/SMARTCONTRACT",
            "/SMARTCONTRACT/a",
            "/SMARTCONTRACT/a/metadata.json",
            "/KEYS/SC_A")) {
      assertThat(Files.getAttribute(folder.resolve("storage" + path), "unix:uid"))
          .as(path)
          .isEqualTo(1000);
    }
  }

  @Test
  void keysAreTheirOwnersAlone() throws Exception {
    store().put("KEYS/SC_A", new byte[1]);
    store().put("SMARTCONTRACT/a/metadata.json", new byte[1]);

    assertThat(mode("KEYS/SC_A")).isEqualTo("rw-------");
    assertThat(mode("SMARTCONTRACT/a/metadata.json")).isEqualTo("rw-r--r--");
  }

  @Test
  void leavesNoEmptyFoldersBelowTheFirstLevel() {
    store().put("SMARTCONTRACT/a/HEAP/x/y", new byte[1]);
    store().delete("SMARTCONTRACT/a/HEAP/x/y");

    assertThat(folder.resolve("storage/SMARTCONTRACT")).isEmptyDirectory();
  }

  @Test
  void aLinkInTheStorageIsRemovedAndNotWhatItLeadsTo() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("file"), "stays");
    store().put("SMARTCONTRACT/a/x", new byte[1]);
    Path contract = folder.resolve("storage/SMARTCONTRACT/a");
    Files.createSymbolicLink(contract.resolve("folder"), outside);
    Files.createSymbolicLink(contract.resolve("file"), outside.resolve("file"));

    store().put("SMARTCONTRACT/a/file", "ours".getBytes(UTF_8));
    assertThat(store().list("SMARTCONTRACT/a/"))
        .containsExactly("SMARTCONTRACT/a/file", "SMARTCONTRACT/a/folder", "SMARTCONTRACT/a/x");
    store().deleteAll(store().list("SMARTCONTRACT/a/"));

    assertThat(folder.resolve("storage/SMARTCONTRACT")).isEmptyDirectory();
    assertThat(outside.resolve("file")).hasContent("stays");
  }

  @Test
  void tenThousandAreRemovedInLittleTimeWithTheirFolders() throws Exception {
    Path heap = Files.createDirectories(folder.resolve("storage/SMARTCONTRACT/a/HEAP/b"));
    for (int i = 0; i < 10_000; i++) {
      Files.createFile(heap.resolve(Integer.toString(i)));
    }
    List<String> keys = store().list("SMARTCONTRACT/a/");

    assertTimeout(Duration.ofSeconds(10), () -> store().deleteAll(keys));

    assertThat(keys).hasSize(10_000);
    assertThat(folder.resolve("storage/SMARTCONTRACT")).isEmptyDirectory();
  }

  @Test
  void whereNoFilesCanBeMadeItSaysSo() {
    assumeThat(Files.isDirectory(Path.of("/proc/self/task"))).as("Linux").isTrue();

    assertThatThrownBy(() -> new DiskObjectStore(Path.of("/proc/self/task")).put("a", new byte[1]))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("write a")
        .hasMessageContaining("STORAGE_LOCATION");
  }

  @Test
  void aFileThatWasBeingWrittenWhenTheMachineStoppedIsNoObject() throws Exception {
    store().put("KEYS/a", new byte[1]);
    Files.write(folder.resolve("storage/KEYS/.x.writing"), new byte[1]);

    assertThat(store().list("KEYS/")).containsExactly("KEYS/a");
  }

  @Test
  void aFailureNamesTheFolderAndLeavesNothingHalf() throws Exception {
    Files.writeString(folder.resolve("storage"), "a file where the folder should be");

    assertThatThrownBy(() -> store().put("KEYS/a", new byte[1]))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("write KEYS/a")
        .hasMessageContaining("STORAGE_LOCATION");
    assertThat(folder.resolve("storage")).hasContent("a file where the folder should be");
  }

  @Test
  void writersAndDeletersSideBySideDoNotDisturbEachOther() throws Exception {
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int writer = 0; writer < 4; writer++) {
      String key = "A/shared/" + writer;
      tasks.add(
          () -> {
            for (int i = 0; i < 50; i++) {
              store().put(key, new byte[1]);
              store().delete(key);
            }
            return true;
          });
    }
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var done : threads.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(store().list("")).isEmpty();
  }

  private String mode(String key) throws Exception {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(folder.resolve("storage").resolve(key)));
  }

  private boolean isRoot() throws Exception {
    return Files.getAttribute(folder, "unix:uid").equals(0);
  }
}
