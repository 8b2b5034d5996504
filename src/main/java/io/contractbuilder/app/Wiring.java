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
import io.contractbuilder.contract.SteadyClock;
import io.contractbuilder.doctor.Doctor;
import io.contractbuilder.doctor.Finding;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.ImagePlatform;
import io.contractbuilder.job.AbandonedTask;
import io.contractbuilder.job.ContractDocuments;
import io.contractbuilder.job.ContractJob;
import io.contractbuilder.job.JobLimits;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.job.Journal;
import io.contractbuilder.job.Journals;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.job.TaskIdentity;
import io.contractbuilder.keys.StoredApiKeys;
import io.contractbuilder.launch.LaunchLimits;
import io.contractbuilder.launch.LaunchedTasks;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.DeadLetters;
import io.contractbuilder.queue.EventSummary;
import io.contractbuilder.queue.QueuedTask;
import io.contractbuilder.queue.TaskQueue;
import io.contractbuilder.registry.ImageWrap;
import io.contractbuilder.settings.EffectiveSetting;
import io.contractbuilder.settings.EffectiveSettings;
import io.contractbuilder.settings.LaunchSettings;
import io.contractbuilder.settings.Setting;
import io.contractbuilder.settings.Settings;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.redis.RedisContractLock;
import io.contractbuilder.tracing.TracedTasks;
import io.contractbuilder.tracing.Tracing;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the program of its parts, each when it is first needed. */
final class Wiring implements Program, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
  private static final Duration LOCK_LIMIT = Duration.ofMinutes(1);

  /** How much longer than its limit a task may take to undo what it made. */
  private static final Duration UNDO = Duration.ofMinutes(5);

  private final Map<String, String> environment;
  private final Path home;
  private final BooleanSupplier cancelled;
  private final Duration lease;
  private @Nullable Settings settings;
  private final AtomicBoolean cut = new AtomicBoolean();
  private @Nullable Chain chain;
  private volatile @Nullable Images images;
  private volatile @Nullable Gateway gateway;

  Wiring(Map<String, String> environment, Path home, BooleanSupplier cancelled) {
    this(environment, home, cancelled, RedisContractLock.LENGTH);
  }

  /**
   * @param lease how long a contract stays locked whose job was killed
   */
  private Wiring(
      Map<String, String> environment, Path home, BooleanSupplier cancelled, Duration lease) {
    this.environment = environment;
    this.home = home;
    this.cancelled = cancelled;
    this.lease = lease;
  }

  @Override
  public Outcome run(ContractTask task, JobListener listener) {
    return inTime(() -> job(Origin.COMMAND_LINE, listener).run(task, UUID.randomUUID().toString()));
  }

  @Override
  public Outcome run(byte[] event, JobListener listener) {
    // Whoever launches jobs for a queue tells equal tasks apart by it.
    String delivery = environment.getOrDefault("EVENT_DELIVERY", "");
    return run(
        event,
        task ->
            delivery.isEmpty()
                ? TaskIdentity.of(task, chain().taskKey())
                : TaskIdentity.of(task, chain().taskKey(), delivery),
        listener);
  }

  /** Does a task out of the queue: what the former processor had begun may have been done by it. */
  Outcome run(QueuedTask queued, JobListener listener) {
    return run(
        queued.event(),
        task ->
            queued.formers()
                ? TaskIdentity.of(task, chain().taskKey())
                : TaskIdentity.of(task, chain().taskKey(), queued.delivery()),
        listener);
  }

  private Outcome run(byte[] event, Function<ContractTask, String> identity, JobListener listener) {
    var reports = ErrorReports.of(settings(), chain());
    try {
      return reports.reported(
          inTime(
              () -> {
                // What is wrong with the settings, before what is wrong with the event.
                chain().identity();
                ContractTask task =
                    new ContractTaskReader(Origin.EVENT, this::argumentRules).read(event);
                return job(Origin.EVENT, listener).run(task, identity.apply(task));
              }));
    } catch (RuntimeException e) {
      reports.write(e);
      tellOf(e, event);
      throw e;
    }
  }

  /** What failed before a job began, as a job would have told it. */
  private void tellOf(RuntimeException failure, byte[] event) {
    try {
      tell(event, AbandonedTask.reason(failure));
    } catch (RuntimeException e) {
      // What failed first is told all the same.
      LOG.warn("The contract's state could not be written: {}", AbandonedTask.reason(e));
    }
  }

  /** Tells the chain of a task that no job will ever do. */
  void giveUp(QueuedTask task, String reason) {
    tell(task.event(), reason);
  }

  private void tell(byte[] event, String reason) {
    EventSummary summary = EventSummary.of(event);
    ContractId contract = summary.contract();
    if (contract != null) {
      var documents = new ContractDocuments(chain().store());
      new AbandonedTask(documents, chain().lock(lease, _ -> {}), LOCK_LIMIT)
          .tell(
              contract,
              summary.type(),
              summary.action(),
              summary.start(),
              reason,
              new SteadyClock().instant());
    }
  }

  @Override
  public void process(int workers, Supplier<JobListener> views) {
    Settings s = settings();
    // Every task would be refused for it.
    chain().identity();
    var tasks = new InProcessTasks(() -> new Wiring(environment, home, cancelled, TaskQueue.ALIVE));
    switch (s.processor().launch()) {
      case LaunchSettings.InProcess() -> process(s, tasks, s.timeout().plus(UNDO), workers, views);
      case LaunchSettings.Kubernetes jobs -> {
        var limits = new LaunchLimits(s.timeout(), jobs.startLimit(), jobs.keep());
        try (var launched =
            LaunchedTasks.open(environment, jobs.template(), jobs.namespace(), limits, tasks)) {
          process(s, launched.tasks(), limits.longest(), workers, views);
        }
      }
    }
  }

  /** With traces where they are wanted. */
  private void process(
      Settings s, TaskRunner tasks, Duration longest, int workers, Supplier<JobListener> views) {
    if (!Tracing.isWanted(environment)) {
      ProcessorRun.run(s, chain().taskQueue(), tasks, longest, workers, views);
      return;
    }
    try (TracedTasks traced = TracedTasks.open(environment, tasks)) {
      ProcessorRun.run(s, chain().taskQueue(), traced, longest, workers, views);
    }
  }

  @Override
  public DeadLetters deadLetters() {
    return chain().deadLetters();
  }

  @Override
  public ArgumentRules argumentRules(@Nullable String watchdog) {
    return images().argumentRules(watchdog);
  }

  private ContractJob job(Origin origin, JobListener listener) {
    return new ContractJob(
        parts(origin),
        new JobLimits(settings().readyTimeout(), LOCK_LIMIT),
        listener,
        () -> cut.get() || cancelled.getAsBoolean(),
        new SteadyClock(),
        new SecureRandom());
  }

  private JobParts parts(Origin origin) {
    Thread thread = Thread.currentThread();
    ObjectStore store = chain().store();
    var identity = chain().identity();
    return new JobParts(
        images().contractImages(origin),
        images()::watchdog,
        new StoredApiKeys(store),
        gateway(),
        chain().scheduler(),
        chain().ledger(identity.dragonchainId()),
        new ContractDocuments(store),
        new Journals(chain().ownStore()),
        chain().index(),
        chain().lock(lease, contract -> cut(thread)),
        identity);
  }

  /** A job that takes too long is stopped as by a signal: it takes back what it made. */
  private Outcome inTime(Supplier<Outcome> job) {
    Duration limit = settings().timeout();
    Thread worker = Thread.currentThread();
    var late = new AtomicBoolean();
    Thread watch =
        Thread.ofPlatform()
            .daemon()
            .name("time limit")
            .start(
                () -> {
                  try {
                    Thread.sleep(limit);
                    late.set(true);
                    cut(worker);
                  } catch (InterruptedException e) {
                    // It ended in time.
                    return;
                  }
                });
    try {
      Outcome outcome = job.get();
      return late.get() && outcome instanceof Outcome.Retry retry
          ? new Outcome.Retry(
              "It did not end within "
                  + limit.toSeconds()
                  + " s (CONTRACT_BUILDER_TIMEOUT). "
                  + retry.reason(),
              retry.leftovers(),
              retry.cause())
          : outcome;
    } finally {
      watch.interrupt();
    }
  }

  /** Stops the job of a thread before its next effect. */
  void cut(Thread worker) {
    cut.set(true);
    worker.interrupt();
    abort(worker);
  }

  @Override
  public List<Contract> contracts() {
    return new ContractDocuments(chain().store())
        .all(damaged -> LOG.warn("A contract is left out: {}", damaged.getMessage())).stream()
            .sorted(Comparator.comparing(c -> c.type().value()))
            .toList();
  }

  @Override
  public @Nullable Journal journal(ContractId id) {
    return new Journals(chain().ownStore()).find(id);
  }

  @Override
  public FunctionGateway gateway() {
    return openGateway().client();
  }

  private Gateway openGateway() {
    Gateway made = gateway;
    if (made == null) {
      made = Gateway.of(settings());
      gateway = made;
    }
    return made;
  }

  @Override
  public BuiltImage wrap(
      ImageReference source,
      @Nullable ImagePlatform platform,
      ImageReference target,
      @Nullable RegistryCredentials credentials,
      @Nullable ContractId contract,
      @Nullable String watchdog,
      @Nullable String mountFrom,
      CopyListener listener) {
    var input =
        new ImageWrap.Input(
            source, credentials, images().watchdog(watchdog), contract, platform, null);
    return images().wrap(input, target, mountFrom, listener);
  }

  @Override
  public RunningPlatform startPlatform(int port, boolean hostNetwork) {
    return Platform.start(settings(), images().reader(), environment, port, hostNetwork);
  }

  @Override
  public List<EffectiveSetting> configuration() {
    return EffectiveSettings.of(environment, settings());
  }

  @Override
  public void check(Consumer<CheckedPart> listener) {
    new PartChecks(
            settings(),
            chain(),
            this::images,
            () -> openGateway().http().version(),
            this::abort,
            PartChecks.LIMIT,
            listener)
        .run();
  }

  @Override
  public void doctor(boolean repair, Finding.Listener listener) {
    JobParts parts = parts(Origin.COMMAND_LINE);
    Doctor doctor =
        repair
            ? Doctor.repairing(
                parts, listener, settings().readyTimeout(), new SteadyClock(), new SecureRandom())
            : Doctor.looking(parts, listener);
    doctor.run();
  }

  @Override
  public Program inState(Path state) {
    // Nothing but the state folder: no part that is configured elsewhere.
    var changed = new HashMap<>(environment);
    for (Setting setting : Setting.values()) {
      if (setting.isOfAPart()) {
        changed.remove(setting.name());
      }
    }
    changed.put("CONTRACT_BUILDER_STATE", state.toString());
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

  private Chain chain() {
    Chain made = chain;
    if (made == null) {
      made = new Chain(settings());
      chain = made;
    }
    return made;
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
    if (chain != null) {
      chain.close();
    }
  }
}
