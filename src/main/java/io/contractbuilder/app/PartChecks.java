package io.contractbuilder.app;

import io.contractbuilder.cli.Program.CheckedPart;
import io.contractbuilder.contract.ContractTaskReader.Origin;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.index.redisearch.RediSearchIndex;
import io.contractbuilder.settings.LedgerSettings;
import io.contractbuilder.settings.RedisSettings;
import io.contractbuilder.settings.Settings;
import io.contractbuilder.settings.StorageSettings;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import io.contractbuilder.storage.s3.S3ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks every part that the settings name whether it answers, one after another. */
final class PartChecks {
  /** How long a part is waited for; then it is cut off, and has a moment to say where it hung. */
  static final Duration LIMIT = Duration.ofSeconds(5);

  private static final Duration MOMENT = Duration.ofSeconds(2);

  private final Settings settings;
  private final Chain chain;
  private final Supplier<Images> images;
  private final Supplier<String> gateway;
  private final Consumer<Thread> abort;
  private final Duration limit;
  private final Consumer<CheckedPart> listener;

  /**
   * @param gateway asks it for its version
   * @param abort cuts off what an interrupted thread waits for
   * @param limit how long each part is waited for
   */
  PartChecks(
      Settings settings,
      Chain chain,
      Supplier<Images> images,
      Supplier<String> gateway,
      Consumer<Thread> abort,
      Duration limit,
      Consumer<CheckedPart> listener) {
    this.settings = settings;
    this.chain = chain;
    this.images = images;
    this.gateway = gateway;
    this.abort = abort;
    this.limit = limit;
    this.listener = listener;
  }

  /**
   * Checks all.
   *
   * @throws IllegalStateException if the thread is interrupted
   */
  void run() {
    check("settings", () -> new Found("read; their values: contract-builder config"));
    check("chain", this::identity);
    check("storage", this::storage);
    RedisSettings redis = settings.redis();
    server("queues", redis.main(), endpoint -> chain.redis(endpoint).version());
    server("cache", redis.cache(), endpoint -> chain.redis(endpoint).version());
    server(
        "search", redis.search(), endpoint -> new RediSearchIndex(chain.redis(endpoint)).version());
    check("ledger", this::ledger);
    check("registry", this::registry);
    check("gateway", () -> new Found(gateway.get()));
    check("watchdog", this::watchdog);
  }

  /**
   * What was found.
   *
   * @param remedy what may want doing although the part answers
   */
  private record Found(String says, String remedy) {
    Found(String says) {
      this(says, "");
    }
  }

  private Found identity() {
    String id = chain.identity().dragonchainId();
    return new Found(id.isEmpty() ? "no public id is configured" : "public id " + id);
  }

  private Found storage() {
    return switch (settings.storage()) {
      case StorageSettings.S3 s3 -> {
        S3ObjectStore bucket = chain.s3(s3);
        String version = bucket.version();
        probe(bucket);
        yield new Found(version + ", read and written");
      }
      case StorageSettings.Disk disk -> {
        Path folder = chain.folder(disk);
        if (!Files.exists(folder)) {
          yield notThere(folder);
        }
        probe(chain.ownStore());
        yield new Found("folder " + folder + ", read and written");
      }
    };
  }

  /** Makes none: a folder where a volume is missing would hide that. */
  private static Found notThere(Path folder) {
    Path above = folder;
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above == null || !Files.isDirectory(above) || !Files.isWritable(above)) {
      throw new StorageException(
          "folder " + folder,
          "look for it",
          "it is not there, and this user cannot make it",
          "Mount it, or set STORAGE_LOCATION or CONTRACT_BUILDER_STATE to a folder that can be"
              + " written",
          false,
          null);
    }
    return new Found("folder " + folder + " is not there yet; it is made when it is first needed");
  }

  private static void probe(ObjectStore store) {
    String key = "CONTRACT_BUILDER/CHECK/" + UUID.randomUUID();
    byte[] value = key.getBytes(StandardCharsets.UTF_8);
    try {
      store.put(key, value);
      if (!Arrays.equals(value, store.get(key))) {
        throw new StorageException(
            "storage",
            "read back " + key,
            "something else than was written",
            "Check that nothing stands between this and the storage",
            false,
            null);
      }
    } finally {
      store.delete(key);
    }
  }

  private void server(
      String name,
      RedisSettings.@Nullable Endpoint endpoint,
      Function<RedisSettings.Endpoint, String> version) {
    if (endpoint != null) {
      check(
          name,
          () ->
              new Found(
                  version.apply(endpoint) + " at " + endpoint.host() + ":" + endpoint.port()));
    }
  }

  private Found ledger() {
    return switch (settings.ledger()) {
      case LedgerSettings.None none -> new Found("none");
      case LedgerSettings.File file -> new Found("file " + chain.ledgerFile());
      case LedgerSettings.Redis redis -> new Found("the list of the chain's Redis (queues)");
      case LedgerSettings.Http http ->
          new Found(chain.ledger(http, chain.identity().dragonchainId()).version());
    };
  }

  private Found registry() {
    String host = settings.images().registry();
    if (host == null) {
      return new Found("a layout in " + settings.state().resolve("images"));
    }
    ContractImages store = images.get().contractImages(Origin.COMMAND_LINE);
    // Nothing has this digest: deleting it harms nothing and says whether deletion is allowed.
    Digest none = Digest.of(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
    store.exists(none);
    return switch (store.delete(none)) {
      case ContractImages.Removal.NotAllowed refused ->
          new Found(
              host + ", but it allows no deletion",
              "Images of deleted contracts stay there: set REGISTRY_STORAGE_DELETE_ENABLED=true for"
                  + " it");
      case ContractImages.Removal.Absent absent -> new Found(host + ", deletion allowed");
      case ContractImages.Removal.Removed removed -> new Found(host + ", deletion allowed");
    };
  }

  private Found watchdog() {
    Watchdog watchdog = images.get().watchdog(null);
    return new Found(
        watchdog.name()
            + " "
            + watchdog.version()
            + " for "
            + String.join(", ", watchdog.architectures().stream().sorted().toList()));
  }

  private void check(String name, Supplier<Found> question) {
    var answer = new AtomicReference<CheckedPart>();
    Thread asking =
        Thread.ofPlatform()
            .daemon()
            .name("check " + name)
            .start(() -> answer.set(asked(name, question)));
    try {
      asking.join(limit);
      if (asking.isAlive()) {
        asking.interrupt();
        abort.accept(asking);
        asking.join(MOMENT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abort.accept(asking);
      throw new IllegalStateException("interrupted", e);
    }
    CheckedPart said = answer.get();
    listener.accept(
        said != null
            ? said
            : new CheckedPart(
                name,
                false,
                "it took the connection and said nothing for " + limit.toSeconds() + " s",
                "Check that it is what the settings say, and that it is not overloaded"));
  }

  private static CheckedPart asked(String name, Supplier<Found> question) {
    try {
      Found found = question.get();
      return new CheckedPart(name, true, found.says(), found.remedy());
    } catch (PartFailure e) {
      return new CheckedPart(
          name, false, e.part() + ": " + e.operation() + ": " + e.answer(), e.remedy());
    } catch (RuntimeException e) {
      return new CheckedPart(
          name, false, String.valueOf(e.getMessage()), "Check what the settings say of it");
    }
  }
}
