package io.contractbuilder.app;

import io.contractbuilder.cli.Program;
import io.contractbuilder.contract.ArgumentRules;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.ContractTaskReader;
import io.contractbuilder.contract.ContractTaskReader.Origin;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.index.SearchIndex;
import io.contractbuilder.job.ChainIdentity;
import io.contractbuilder.job.ContractDocuments;
import io.contractbuilder.job.ContractJob;
import io.contractbuilder.job.JobLimits;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.job.Journals;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.job.TaskIdentity;
import io.contractbuilder.keys.StoredApiKeys;
import io.contractbuilder.ledger.file.FileLedger;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.registry.ImageWrap;
import io.contractbuilder.scheduler.file.FileScheduler;
import io.contractbuilder.settings.Settings;
import io.contractbuilder.storage.disk.DiskObjectStore;
import io.contractbuilder.storage.disk.FileContractLock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the program of its parts, each when it is first needed. */
final class Wiring implements Program, AutoCloseable {
  private static final Duration LOCK_LIMIT = Duration.ofMinutes(1);

  private final Map<String, String> environment;
  private final Path home;
  private final BooleanSupplier cancelled;
  private @Nullable Settings settings;
  private volatile @Nullable Images images;
  private volatile @Nullable Gateway gateway;

  Wiring(Map<String, String> environment, Path home, BooleanSupplier cancelled) {
    this.environment = environment;
    this.home = home;
    this.cancelled = cancelled;
  }

  @Override
  public Outcome run(ContractTask task, JobListener listener) {
    return job(Origin.COMMAND_LINE, listener).run(task, UUID.randomUUID().toString());
  }

  @Override
  public Outcome run(byte[] event, JobListener listener) {
    ArgumentRules rules =
        images().watchdog(null).carriesAnyArgument()
            ? ArgumentRules.ANY
            : ArgumentRules.SPLIT_AT_SPACES;
    ContractTask task = new ContractTaskReader(Origin.EVENT, rules).read(event);
    byte[] key = IdentityKey.read(settings().state().resolve("identity.key"));
    return job(Origin.EVENT, listener).run(task, TaskIdentity.of(task, key));
  }

  private ContractJob job(Origin origin, JobListener listener) {
    Settings s = settings();
    var store = new DiskObjectStore(s.storage());
    var chain =
        new ChainIdentity(
            s.chain().stage(),
            s.chain().internalId(),
            s.chain().dragonchainId(),
            s.chain().endpoint());
    var parts =
        new JobParts(
            images().contractImages(origin),
            images()::watchdog,
            new StoredApiKeys(store),
            gateway(),
            new FileScheduler(s.state().resolve("schedules")),
            new FileLedger(s.state().resolve("ledger.jsonl"), chain.dragonchainId()),
            new ContractDocuments(store),
            new Journals(store),
            SearchIndex.NONE,
            new FileContractLock(s.state().resolve("locks")),
            chain);
    return new ContractJob(
        parts,
        new JobLimits(s.readyTimeout(), LOCK_LIMIT),
        listener,
        cancelled,
        InstantSource.system(),
        new SecureRandom());
  }

  @Override
  public List<Contract> contracts() {
    return new ContractDocuments(new DiskObjectStore(settings().storage()))
        .all().stream().sorted(Comparator.comparing(c -> c.type().value())).toList();
  }

  @Override
  public FunctionGateway gateway() {
    Gateway made = gateway;
    if (made == null) {
      made = Gateway.of(settings());
      gateway = made;
    }
    return made.client();
  }

  @Override
  public BuiltImage wrap(
      ImageReference source,
      ImageReference target,
      @Nullable RegistryCredentials credentials,
      @Nullable ContractId contract,
      @Nullable String watchdog,
      CopyListener listener) {
    var input = new ImageWrap.Input(source, credentials, images().watchdog(watchdog), contract);
    return images().wrap(input, target, listener);
  }

  @Override
  public RunningPlatform startPlatform(int port, boolean hostNetwork) {
    return Platform.start(settings(), images().reader(), environment, port, hostNetwork);
  }

  @Override
  public Program inState(Path state) {
    var changed = new HashMap<>(environment);
    changed.put("CONTRACT_BUILDER_STATE", state.toString());
    // Nothing but the state folder: no gateway, registry or storage that is configured elsewhere.
    List.of("FAAS_GATEWAY", "FAAS_REGISTRY", "STORAGE_LOCATION", "STORAGE_TYPE")
        .forEach(changed::remove);
    return new Wiring(changed, home, cancelled);
  }

  @Override
  public Path home() {
    return home;
  }

  private Settings settings() {
    if (settings == null) {
      settings = Settings.read(environment, home);
    }
    return settings;
  }

  private Images images() {
    Images made = images;
    if (made == null) {
      made = Images.of(settings());
      images = made;
    }
    return made;
  }

  /** Cuts off what a thread that was interrupted before waits for. */
  void abort(Thread thread) {
    Images images = this.images;
    if (images != null) {
      images.abort(thread);
    }
    Gateway gateway = this.gateway;
    if (gateway != null) {
      gateway.http().abort();
    }
  }

  @Override
  public void close() {
    Images images = this.images;
    if (images != null) {
      images.close();
    }
    Gateway gateway = this.gateway;
    if (gateway != null) {
      gateway.close();
    }
  }
}
