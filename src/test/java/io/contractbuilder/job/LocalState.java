package io.contractbuilder.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.endtoend.Canonical;
import io.contractbuilder.keys.ApiKey;
import io.contractbuilder.keys.StoredApiKeys;
import io.contractbuilder.storage.disk.DiskObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All that lies in the state folder of a local platform, and what its functions see of it. */
record LocalState(Path folder) {
  /** What jobs write themselves. */
  private static final List<String> JOBS =
      List.of("storage", "images", "schedules", "locks", "ledger.jsonl");

  private static final List<String> PLATFORMS = List.of("platform/secrets", "platform/functions");

  private static final String ISO_TIME = "20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z";

  /** Removes what jobs wrote themselves. */
  void clear() {
    for (String name : JOBS) {
      everything(name).sorted(Comparator.reverseOrder()).forEach(LocalState::delete);
    }
  }

  /** Every file and folder, and what they hold but for ids, times and the journal. */
  Map<String, Object> now() {
    var canonical = canonical();
    var now = new TreeMap<String, Object>();
    Stream.concat(JOBS.stream(), PLATFORMS.stream())
        .flatMap(this::everything)
        .forEach(file -> now.put(canonical.text(name(file)), canonical.text(content(file))));
    // Their names say what is in them.
    children(folder.resolve("platform/rootfs")).forEach(file -> now.put(name(file), ""));
    children(folder.resolve("platform/logs"))
        .filter(log -> !isOfAFunction(log))
        .forEach(log -> now.put(name(log), "what a function that is gone wrote"));
    now.put("running", running(canonical));
    return now;
  }

  /** A contract's own key has a name, so that another in its place is seen. */
  private Canonical canonical() {
    var canonical = new Canonical();
    canonical.name(Tasks.ID.value(), "<id>");
    var store = new DiskObjectStore(folder.resolve("storage"));
    Contract contract = new ContractDocuments(store).find(Tasks.ID);
    String id = contract == null ? null : contract.authKeyId();
    if (id != null) {
      canonical.name(id, "<its key id>");
      ApiKey key = new StoredApiKeys(store).find(id);
      if (key != null) {
        canonical.name(key.key().reveal(), "<its key>");
      }
    }
    return canonical;
  }

  /** The secrets that each running function reads. */
  private List<Map<String, String>> running(Canonical canonical) {
    var running = new ArrayList<Map<String, String>>();
    children(Path.of(content(folder.resolve("platform/run"))))
        .forEach(
            instance -> {
              var secrets = new TreeMap<String, String>();
              children(instance.resolve("secrets"))
                  .forEach(
                      file ->
                          secrets.put(
                              canonical.text(file.getFileName().toString()),
                              canonical.text(content(file))));
              running.add(secrets);
            });
    return running;
  }

  private boolean isOfAFunction(Path log) {
    String function = log.getFileName().toString().replaceFirst("\\.log.*", ".json");
    return Files.exists(folder.resolve("platform/functions").resolve(function));
  }

  private String name(Path file) {
    return folder.relativize(file).toString();
  }

  private Stream<Path> everything(String name) {
    Path start = folder.resolve(name);
    try (Stream<Path> found = Files.exists(start) ? Files.walk(start) : Stream.of()) {
      return found.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> children(Path folder) {
    try (Stream<Path> found = Files.list(folder)) {
      return found.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String content(Path file) {
    if (Files.isDirectory(file)) {
      return "a folder";
    }
    if (name(file).startsWith("storage/CONTRACT_BUILDER/JOURNAL/")) {
      return "a journal";
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      return name(file).startsWith("images/blobs")
          ? Digest.of(bytes).hex()
          : new String(bytes, ISO_8859_1).replaceAll(ISO_TIME, "<time>");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
