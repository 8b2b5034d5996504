package io.contractbuilder.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.Violation;
import io.contractbuilder.index.SearchIndex;
import io.contractbuilder.index.redisearch.RediSearchIndex;
import io.contractbuilder.job.ChainIdentity;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.file.FileLedger;
import io.contractbuilder.ledger.http.HttpLedger;
import io.contractbuilder.ledger.redis.RedisLedger;
import io.contractbuilder.queue.DeadLetters;
import io.contractbuilder.queue.TaskQueue;
import io.contractbuilder.queue.redis.RedisDeadLetters;
import io.contractbuilder.queue.redis.RedisTaskQueue;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisAddress;
import io.contractbuilder.redis.RedisTls;
import io.contractbuilder.scheduler.Scheduler;
import io.contractbuilder.scheduler.file.FileScheduler;
import io.contractbuilder.scheduler.redis.RedisScheduler;
import io.contractbuilder.settings.ChainSettings;
import io.contractbuilder.settings.LedgerSettings;
import io.contractbuilder.settings.RedisSettings;
import io.contractbuilder.settings.Setting;
import io.contractbuilder.settings.Settings;
import io.contractbuilder.settings.StorageSettings;
import io.contractbuilder.storage.ContractLock;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.disk.DiskObjectStore;
import io.contractbuilder.storage.disk.FileContractLock;
import io.contractbuilder.storage.redis.CachedObjectStore;
import io.contractbuilder.storage.redis.RedisContractLock;
import io.contractbuilder.storage.s3.S3ObjectStore;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The chain's parts, or what stands for them: each is chosen by the settings. */
final class Chain implements AutoCloseable {
  private final Settings settings;
  private final List<Runnable> opened = new ArrayList<>();
  private final Map<RedisSettings.Endpoint, Redis> servers = new HashMap<>();
  private @Nullable ObjectStore store;
  private @Nullable ChainIdentity identity;

  Chain(Settings settings) {
    this.settings = settings;
  }

  /** What the chain's other programs read, too: with their cache beside it. */
  ObjectStore store() {
    RedisSettings.Endpoint cache = settings.redis().cache();
    return cache == null ? ownStore() : new CachedObjectStore(ownStore(), redis(cache));
  }

  /** The same for what only this program reads. */
  ObjectStore ownStore() {
    ObjectStore made = store;
    if (made == null) {
      made = newStore();
      store = made;
    }
    return made;
  }

  private ObjectStore newStore() {
    return switch (settings.storage()) {
      case StorageSettings.Disk disk -> new DiskObjectStore(folder(disk));
      case StorageSettings.S3 s3 -> s3(s3);
    };
  }

  Path folder(StorageSettings.Disk disk) {
    return disk.folder() == null ? settings.state().resolve("storage") : disk.folder();
  }

  S3ObjectStore s3(StorageSettings.S3 s3) {
    return opened(new S3ObjectStore(s3.endpoint(), s3.bucket(), s3.region()), S3ObjectStore::close);
  }

  /** What contracts are told of it: reckoned once, as the id takes arithmetic and a file. */
  ChainIdentity identity() {
    ChainIdentity made = identity;
    if (made == null) {
      ChainSettings chain = settings.chain();
      made =
          new ChainIdentity(chain.stage(), chain.internalId(), chain.publicId(), chain.endpoint());
      identity = made;
    }
    return made;
  }

  private static InvalidInput wrong(String setting, String found, String allowed) {
    return new InvalidInput("settings", List.of(new Violation(setting, found, allowed)));
  }

  /** The key of task identities: by it nobody but the chain can guess what a task held. */
  byte[] taskKey() {
    Secret key = settings.chain().privateKey();
    if (key == null) {
      return IdentityKey.read(settings.state().resolve("identity.key"));
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.reveal().getBytes(UTF_8), "HmacSHA256"));
      return mac.doFinal("contract-builder: identity of tasks".getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /** The ledger for a chain with this public id. */
  Ledger ledger(String chain) {
    return switch (settings.ledger()) {
      case LedgerSettings.None() -> Ledger.NONE;
      case LedgerSettings.File() -> new FileLedger(ledgerFile(), chain);
      case LedgerSettings.Redis() -> new RedisLedger(queues(), chain);
      case LedgerSettings.Http http -> ledger(http, chain);
    };
  }

  Path ledgerFile() {
    return settings.state().resolve("ledger.jsonl");
  }

  HttpLedger ledger(LedgerSettings.Http http, String chain) {
    return opened(
        new HttpLedger(http.url(), http.type(), http.keyId(), http::key, chain), HttpLedger::close);
  }

  Scheduler scheduler() {
    return settings.redis().main() == null
        ? new FileScheduler(settings.state().resolve("schedules"))
        : new RedisScheduler(queues());
  }

  SearchIndex index() {
    RedisSettings.Endpoint search = settings.redis().search();
    return search == null ? SearchIndex.NONE : new RediSearchIndex(redis(search));
  }

  /**
   * The lock of contracts.
   *
   * @param lease how long a contract stays locked whose job was killed
   * @param lost is told of a contract that is held by another now
   */
  ContractLock lock(Duration lease, Consumer<ContractId> lost) {
    RedisSettings.Endpoint main = settings.redis().main();
    return main == null
        ? new FileContractLock(settings.state().resolve("locks"))
        : new RedisContractLock(address(main), new SecureRandom(), lost, lease);
  }

  /** The tasks that the chain pushes. */
  TaskQueue taskQueue() {
    return new RedisTaskQueue(queues());
  }

  DeadLetters deadLetters() {
    return new RedisDeadLetters(queues());
  }

  private Redis queues() {
    RedisSettings.Endpoint main = settings.redis().main();
    if (main == null) {
      throw wrong(Setting.REDIS_ENDPOINT.name(), "nothing", "the Redis with the chain's tasks");
    }
    return redis(main);
  }

  Redis redis(RedisSettings.Endpoint endpoint) {
    return servers.computeIfAbsent(endpoint, one -> opened(new Redis(address(one)), Redis::close));
  }

  private RedisAddress address(RedisSettings.Endpoint endpoint) {
    RedisSettings redis = settings.redis();
    return new RedisAddress(
        endpoint.host(),
        endpoint.port(),
        redis.tls() ? new RedisTls(redis.authority()) : null,
        redis.user(),
        redis::password);
  }

  private <T> T opened(T part, Consumer<T> close) {
    opened.add(() -> close.accept(part));
    return part;
  }

  @Override
  public void close() {
    opened.forEach(Runnable::run);
  }
}
