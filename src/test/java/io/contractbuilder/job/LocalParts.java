package io.contractbuilder.job;

import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.index.SearchIndex;
import io.contractbuilder.keys.StoredApiKeys;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.file.FileLedger;
import io.contractbuilder.local.LocalPlatform;
import io.contractbuilder.local.PlatformOptions;
import io.contractbuilder.local.TarImages;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.openfaas.HttpFunctionGateway;
import io.contractbuilder.registry.AllowedAddresses;
import io.contractbuilder.registry.ImageStores;
import io.contractbuilder.registry.ImageWrap;
import io.contractbuilder.registry.LayoutContractImages;
import io.contractbuilder.registry.RefusingRegistries;
import io.contractbuilder.registry.RegistryAccess;
import io.contractbuilder.registry.RegistryClient;
import io.contractbuilder.registry.StoredImages;
import io.contractbuilder.registry.TestImage;
import io.contractbuilder.scheduler.Scheduler;
import io.contractbuilder.scheduler.file.FileScheduler;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.disk.DiskObjectStore;
import io.contractbuilder.storage.disk.FileContractLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The parts that a job has with nothing but a state folder, as the program itself has them:
 * storage, keys, ledger, schedules, locks and images as files, and the local platform behind its
 * gateway.
 */
final class LocalParts implements Trial, AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Effects effects = new Effects();
  private final Path state;
  private final Path sources;
  private final ImageStores stores =
      new ImageStores(
          new RegistryClient(
              RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
              new RefusingRegistries(null)),
          true);
  private final LocalPlatform platform;
  private final HttpFunctionGateway gateway;
  private final JobParts parts;
  private final RandomGenerator random = new Random(7);
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  /**
   * @param folder an empty one
   * @param runtime the platform's
   * @param environment where the runtime's programs are
   */
  LocalParts(Path folder, String runtime, Map<String, String> environment, Watchdog watchdog)
      throws IOException {
    state = folder.resolve("state");
    sources = folder.resolve("sources");
    byte[] node = TarImages.tar(Map.of("bin/node", new byte[100]));
    byte[] changed = TarImages.tar(Map.of("index.js", new byte[100]));
    TestImage.of(List.of(node)).writeTo(sources, "1");
    TestImage.of(List.of(node, changed)).writeTo(sources, "2");
    platform =
        LocalPlatform.start(
            PlatformOptions.in(state).withRuntime(runtime),
            new StoredImages(stores, ImageLimits.DEFAULT),
            _ -> null,
            environment);
    gateway = new HttpFunctionGateway(platform.gateway(), platform.user(), platform.password());
    parts = parts(watchdog);
  }

  private JobParts parts(Watchdog watchdog) {
    ObjectStore store = counted(ObjectStore.class, new DiskObjectStore(state.resolve("storage")));
    var wrap = new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT);
    return new JobParts(
        counted(
            ContractImages.class, new LayoutContractImages(state.resolve("images"), stores, wrap)),
        _ -> watchdog,
        new StoredApiKeys(store),
        counted(FunctionGateway.class, gateway),
        counted(Scheduler.class, new FileScheduler(state.resolve("schedules"))),
        counted(Ledger.class, new FileLedger(state.resolve("ledger.jsonl"), "public-chain-id")),
        new ContractDocuments(store),
        new Journals(store),
        SearchIndex.NONE,
        new FileContractLock(state.resolve("locks")),
        new ChainIdentity("test", "internal", "public-chain-id", "https://chain.test"));
  }

  private <T> T counted(Class<T> port, T part) {
    return CountedPart.of(port, part, effects);
  }

  @Override
  public Effects effects() {
    return effects;
  }

  @Override
  public String image(int version) {
    return "oci:" + sources + ":" + version;
  }

  @Override
  public Outcome run(ContractTask task, String identity) {
    var job =
        new ContractJob(
            parts,
            new JobLimits(LIMIT, LIMIT),
            JobListener.NONE,
            () -> false,
            () -> {
              now = now.plusMillis(1);
              return now;
            },
            random);
    return job.run(task, identity);
  }

  /** As new. */
  LocalParts clear() {
    effects.revive();
    gateway.functions().forEach(function -> gateway.deleteFunction(function.name()));
    gateway.secretNames().forEach(gateway::deleteSecret);
    new LocalState(state).clear();
    return this;
  }

  @Override
  public Map<String, Object> state() {
    return new LocalState(state).now();
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    platform.close();
    stores.close();
  }
}
