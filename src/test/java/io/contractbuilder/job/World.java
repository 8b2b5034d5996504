package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.image.BuildRequest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.ImageCommand;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.index.SearchIndex;
import io.contractbuilder.keys.ApiKey;
import io.contractbuilder.keys.ApiKeys;
import io.contractbuilder.keys.StoredApiKeys;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.ledger.LedgerView;
import io.contractbuilder.openfaas.Deployment;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.openfaas.FunctionSpec;
import io.contractbuilder.openfaas.FunctionStatus;
import io.contractbuilder.openfaas.GatewayException;
import io.contractbuilder.openfaas.Invocation;
import io.contractbuilder.openfaas.ListedFunction;
import io.contractbuilder.openfaas.LogLine;
import io.contractbuilder.openfaas.ProviderInfo;
import io.contractbuilder.scheduler.RunningSchedule;
import io.contractbuilder.scheduler.ScheduleDocument;
import io.contractbuilder.scheduler.ScheduledContract;
import io.contractbuilder.scheduler.Scheduler;
import io.contractbuilder.storage.ContractLock;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All parts, in memory: they keep what they are given and do what their ports promise. */
final class World implements Trial {
  final Effects effects = new Effects();
  final Map<String, byte[]> objects = new TreeMap<>();
  final Map<String, Digest> sources = new HashMap<>();

  /** What images were said to run, in the order of their builds. */
  final List<@Nullable ImageCommand> commands = new ArrayList<>();

  final Set<Digest> images = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
  final Map<ContractId, Digest> tags = new HashMap<>();

  /** Whose each image is that was ever built, and of what. */
  final Map<Digest, ContractId> owners = new HashMap<>();

  final Map<Digest, Digest> bases = new HashMap<>();
  final Map<String, Secret> secrets = new TreeMap<>();
  final Map<String, FunctionSpec> functions = new TreeMap<>();
  final Set<String> crashing = new LinkedHashSet<>();
  final Map<String, String> schedules = new TreeMap<>();
  final Map<String, LedgerTransaction> transactions = new LinkedHashMap<>();
  final Set<String> indexed = new TreeSet<>();
  final List<String> told = new ArrayList<>();
  FunctionGateway gateway = new MemoryGateway();
  boolean deletionAllowed = true;
  boolean communityEdition;

  /** Whether the gateway says that it removed secrets, and does not. */
  boolean secretsStay;

  ChainIdentity chain =
      new ChainIdentity("test", "internal", "public-chain-id", "https://chain.test");

  boolean cancelled;
  boolean locked;

  /** Whether somebody sets the clock, by less than a tombstone's age, whenever it is looked at. */
  boolean clockJumps;

  /** Another has the contract from this call on. */
  int lockLostAt = Integer.MAX_VALUE;

  private long locks;
  TestWatchdog configured = new TestWatchdog("classic-watchdog", "0.2.1", false);
  private final Random random = new Random(7);
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  final ObjectStore store;

  World() {
    this(null);
  }

  /**
   * The same, on a store that is none of memory.
   *
   * @param real null: in memory
   */
  World(@Nullable ObjectStore real) {
    store = real == null ? new MemoryStore() : real;
    sources.put("docker.io/acme/currency:1", Digest.of("one".getBytes(StandardCharsets.UTF_8)));
    sources.put("docker.io/acme/currency:2", Digest.of("two".getBytes(StandardCharsets.UTF_8)));
    sources.put("docker.io/acme/currency:one", Digest.of("one".getBytes(StandardCharsets.UTF_8)));
  }

  record TestWatchdog(String name, String version, boolean carriesAnyArgument) implements Watchdog {
    @Override
    public Set<String> architectures() {
      return Set.of("amd64");
    }

    @Override
    public byte[] binary(String architecture) {
      return new byte[0];
    }
  }

  InstantSource clock() {
    return () -> {
      now = now.plusMillis(1);
      return clockJumps ? now.plus(Duration.ofDays(random.nextInt(-3, 4))) : now;
    };
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Effects effects() {
    return effects;
  }

  @Override
  public String image(int version) {
    return "docker.io/acme/currency:" + version;
  }

  @Override
  public Map<String, Object> state() {
    return ResumptionTest.state(this);
  }

  @Override
  public Outcome run(ContractTask task, String identity) {
    return job().run(task, identity);
  }

  ContractJob job() {
    return new ContractJob(
        parts(),
        new JobLimits(Duration.ofSeconds(1), Duration.ofSeconds(1)),
        new Told(),
        () -> cancelled,
        clock(),
        random);
  }

  JobParts parts() {
    return new JobParts(
        new MemoryImages(),
        this::watchdog,
        new MemoryKeys(),
        gateway,
        new MemoryScheduler(),
        new MemoryLedger(),
        documents(),
        new Journals(store),
        new MemoryIndex(),
        (id, limit) -> locked ? null : lock(),
        chain);
  }

  ContractDocuments documents() {
    return new ContractDocuments(store);
  }

  String secret(String name) {
    Secret value = secrets.get("sc-" + Tasks.ID + "-" + name);
    return value == null ? "" : value.reveal();
  }

  FunctionSpec function() {
    return Objects.requireNonNull(functions.get("contract-" + Tasks.ID), "no function");
  }

  private ContractLock.Held lock() {
    return new ContractLock.Held() {
      @Override
      public void check() {
        if (effects.count() >= lockLostAt) {
          throw new StorageException("memory", "keep the lock", "it is lost", "Again", true, null);
        }
      }

      @Override
      public long token() {
        return ++locks;
      }

      @Override
      public void close() {}
    };
  }

  private Watchdog watchdog(@Nullable String setting) {
    return switch (setting) {
      case null -> configured;
      case "builtin" -> new TestWatchdog("builtin", "1.0", true);
      default -> throw new Effects.BrokenPart("find watchdog " + setting, false, false);
    };
  }

  private final class Told implements JobListener {
    @Override
    public void stepEnded(StepRecord step) {
      told.add(step.step() + " " + step.end() + " " + step.answer() + step.remedy());
    }

    @Override
    public void warned(String warning) {
      told.add("warning " + warning);
    }
  }

  private final class MemoryStore implements ObjectStore {
    @Override
    public byte @Nullable [] get(String key) {
      return effects.find("store.get? " + key, () -> objects.get(key));
    }

    @Override
    public void put(String key, byte[] value) {
      effects.call("store.put " + key, () -> objects.put(key, value) == null);
    }

    @Override
    public boolean delete(String key) {
      return effects.call("store.delete " + key, () -> objects.remove(key) != null);
    }

    @Override
    public List<String> list(String prefix) {
      return effects.call(
          "store.list? " + prefix,
          () -> objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList());
    }

    @Override
    public List<String> children(String prefix) {
      return list(prefix).stream()
          .map(key -> key.substring(prefix.length()).split("/", 2)[0])
          .distinct()
          .toList();
    }
  }

  private final class MemoryImages implements ContractImages {
    @Override
    public Digest resolve(ImageReference reference, @Nullable RegistryCredentials credentials) {
      return effects.call("images.resolve?", () -> source(reference));
    }

    private Digest source(ImageReference reference) {
      if (reference.digest() != null) {
        return reference.digest();
      }
      Digest digest = sources.get(reference.toString());
      if (digest == null) {
        throw new Effects.BrokenPart("resolve " + reference, false, false);
      }
      return digest;
    }

    @Override
    public BuiltImage build(BuildRequest request, CopyListener listener) {
      return effects.call(
          "images.build",
          () -> {
            Digest base = source(request.source());
            String made =
                request.id()
                    + " "
                    + base
                    + " "
                    + request.watchdog().name()
                    + request.watchdog().version();
            Digest image = Digest.of(made.getBytes(StandardCharsets.UTF_8));
            listener.beforeManifest();
            commands.add(request.command());
            images.add(image);
            tags.put(request.id(), image);
            owners.put(image, request.id());
            bases.put(image, base);
            return new BuiltImage(
                image, base, List.of("linux/amd64"), List.of(), new BuiltImage.Traffic(1, 1, 1));
          });
    }

    @Override
    public @Nullable Digest tagged(ContractId id) {
      return effects.find(
          "images.tagged?",
          () -> {
            Digest image = tags.get(id);
            return image != null && images.contains(image) ? image : null;
          });
    }

    @Override
    public Set<String> tags() {
      return effects.call(
          "images.tags?",
          () ->
              tags.keySet().stream()
                  .filter(id -> images.contains(tags.get(id)))
                  .map(ContractId::value)
                  .collect(Collectors.toSet()));
    }

    @Override
    public boolean exists(Digest image) {
      return effects.call("images.exists?", () -> images.contains(image));
    }

    @Override
    public Removal delete(Digest image) {
      return effects.call(
          "images.delete",
          () -> {
            if (!images.contains(image)) {
              return new Removal.Absent();
            }
            if (!deletionAllowed) {
              return new Removal.NotAllowed("Image " + image + " stays; set delete.enabled");
            }
            images.remove(image);
            return new Removal.Removed();
          });
    }

    @Override
    public String reference(Digest image) {
      return "registry.test/" + REPOSITORY + "@" + image;
    }
  }

  private final class MemoryKeys implements ApiKeys {
    private final StoredApiKeys stored = new StoredApiKeys(store);

    @Override
    public @Nullable ApiKey find(String id) {
      return stored.find(id);
    }

    @Override
    public Set<String> ids() {
      return stored.ids();
    }

    @Override
    public void save(ApiKey key) {
      stored.save(key);
    }

    @Override
    public boolean delete(String id) {
      return stored.delete(id);
    }
  }

  private final class MemoryGateway implements FunctionGateway {
    @Override
    public ProviderInfo info() {
      return new ProviderInfo("memory", "memory", "");
    }

    @Override
    public void putSecret(String name, Secret value) {
      effects.call(
          "gateway.putSecret " + name.substring(40), () -> secrets.put(name, value) == null);
    }

    @Override
    public boolean deleteSecret(String name) {
      return effects.call(
          "gateway.deleteSecret " + name.substring(40),
          () -> secretsStay || secrets.remove(name) != null);
    }

    @Override
    public List<String> secretNames() {
      return effects.call("gateway.secretNames?", () -> List.copyOf(secrets.keySet()));
    }

    @Override
    public List<ListedFunction> functions() {
      return effects.call(
          "gateway.functions?",
          () ->
              functions.values().stream()
                  .map(one -> new ListedFunction(one.service(), one.image(), one.labels()))
                  .toList());
    }

    @Override
    public @Nullable FunctionStatus function(String name) {
      return effects.find(
          "gateway.function?",
          () -> {
            FunctionSpec spec = functions.get(name);
            return spec == null ? null : new FunctionStatus(name, spec.image(), 1, 1);
          });
    }

    @Override
    public Deployment deploy(FunctionSpec spec) {
      return effects.call(
          "gateway.deploy",
          () -> {
            for (String secret : spec.secrets()) {
              if (!secrets.containsKey(secret)) {
                throw gatewayFailure("unable to find secret: " + secret);
              }
            }
            FunctionSpec taken = communityEdition ? lowered(spec) : spec;
            functions.put(spec.service(), taken);
            return new Deployment(taken, Set.of(), List.of());
          });
    }

    private FunctionSpec lowered(FunctionSpec spec) {
      var labels = new HashMap<>(spec.labels());
      labels.put("com.openfaas.scale.max", "5");
      return new FunctionSpec(
          spec.service(),
          spec.image(),
          spec.envProcess(),
          spec.envVars(),
          spec.secrets(),
          labels,
          spec.limits(),
          spec.requests());
    }

    @Override
    public void awaitReady(Deployment deployment, Duration limit) {
      effects.call(
          "gateway.awaitReady?",
          () -> {
            if (crashing.contains(deployment.spec().envProcess())) {
              throw gatewayFailure("it crashes: SyntaxError");
            }
            return true;
          });
    }

    private static GatewayException gatewayFailure(String answer) {
      return new GatewayException("memory", "deploy", 400, answer, "Mend it", false, null);
    }

    @Override
    public boolean deleteFunction(String name) {
      return effects.call("gateway.deleteFunction", () -> functions.remove(name) != null);
    }

    @Override
    public List<LogLine> logs(String name, int tail) {
      return List.of();
    }

    @Override
    public Invocation invoke(String name, byte[] body, Map<String, String> headers) {
      return new Invocation(200, "", body);
    }
  }

  private final class MemoryScheduler implements Scheduler {
    @Override
    public void schedule(ScheduledContract contract) {
      effects.call(
          "scheduler.schedule",
          () ->
              schedules.put(contract.id().value(), ScheduleDocument.toJson(contract).toString())
                  == null);
    }

    @Override
    public List<RunningSchedule> schedules() {
      return effects.call(
          "scheduler.schedules?",
          () ->
              schedules.entrySet().stream()
                  .map(
                      held ->
                          RunningSchedule.read(
                              held.getKey(), held.getValue().getBytes(StandardCharsets.UTF_8)))
                  .toList());
    }

    @Override
    public boolean unschedule(ContractId id, TransactionType type, ExecutionOrder order) {
      return effects.call("scheduler.unschedule", () -> schedules.remove(id.value()) != null);
    }
  }

  private final class MemoryIndex implements SearchIndex {
    @Override
    public void remove(ContractId id, @Nullable TransactionType type) {
      effects.call("index.remove", () -> indexed.remove(id.value()));
    }

    @Override
    public Set<String> contracts() {
      return effects.call("index.contracts?", () -> Set.copyOf(indexed));
    }

    @Override
    public void put(ContractId id, TransactionType type) {
      effects.call("index.put", () -> indexed.add(id.value()));
    }
  }

  private final class MemoryLedger implements Ledger {
    @Override
    public LedgerView view() {
      Set<String> ids =
          effects.call("ledger.transactions?", () -> Set.copyOf(transactions.keySet()));
      return (transaction, _, _) -> !ids.contains(transaction);
    }

    @Override
    public boolean append(LedgerTransaction transaction) {
      return effects.call(
          "ledger.append " + transaction.action(),
          () -> transactions.putIfAbsent(transaction.id(), transaction) == null);
    }
  }

  /** In which a contract was created before. */
  static World afterCreate() {
    var world = new World();
    world.run(Tasks.create(), "before");
    world.effects.revive();
    return world;
  }

  /** What the former builder left: a contract's stored environment with nothing but this. */
  void storeEnvironment(Contract whole, Map<String, String> environment) {
    documents()
        .save(
            new Contract(
                whole.type(),
                whole.id(),
                whole.status(),
                whole.image(),
                whole.authKeyId(),
                whole.imageDigest(),
                whole.cmd(),
                whole.args(),
                environment,
                whole.existingSecrets(),
                whole.schedule(),
                whole.executionOrder()));
  }
}
