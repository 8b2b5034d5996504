package io.contractbuilder.app;

import io.contractbuilder.cli.Program;
import io.contractbuilder.contract.ArgumentRules;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.ContractTaskReader.Origin;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.SteadyClock;
import io.contractbuilder.doctor.Doctor;
import io.contractbuilder.doctor.Finding;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.ImagePlatform;
import io.contractbuilder.job.ContractDocuments;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.job.Journal;
import io.contractbuilder.job.Journals;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.queue.DeadLetters;
import io.contractbuilder.registry.ImageWrap;
import io.contractbuilder.settings.EffectiveSetting;
import io.contractbuilder.settings.EffectiveSettings;
import io.contractbuilder.settings.Setting;
import io.contractbuilder.storage.redis.RedisContractLock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program: what each command calls, by the parts that do it. */
final class Wiring implements Program, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private final Map<String, String> environment;
  private final Path home;
  private final BooleanSupplier cancelled;
  private final Parts parts;
  private final Jobs jobs;

  Wiring(Map<String, String> environment, Path home, BooleanSupplier cancelled) {
    this.environment = environment;
    this.home = home;
    this.cancelled = cancelled;
    this.parts = new Parts(environment, home);
    this.jobs = new Jobs(parts, cancelled, RedisContractLock.LENGTH);
  }

  @Override
  public Outcome run(ContractTask task, JobListener listener) {
    return jobs.run(task, listener);
  }

  @Override
  public Outcome run(byte[] event, JobListener listener) {
    // Whoever launches jobs for a queue tells equal tasks apart by it.
    return jobs.run(event, environment.getOrDefault("EVENT_DELIVERY", ""), listener);
  }

  @Override
  public void process(int workers, Supplier<JobListener> views) {
    new Processing(parts, cancelled).run(workers, views);
  }

  @Override
  public DeadLetters deadLetters() {
    return parts.chain().deadLetters();
  }

  @Override
  public ArgumentRules argumentRules(@Nullable String watchdog) {
    return parts.images().argumentRules(watchdog);
  }

  @Override
  public List<Contract> contracts() {
    return new ContractDocuments(parts.chain().store())
        .all(damaged -> LOG.warn("A contract is left out: {}", damaged.getMessage())).stream()
            .sorted(Comparator.comparing(c -> c.type().value()))
            .toList();
  }

  @Override
  public @Nullable Journal journal(ContractId id) {
    return new Journals(parts.chain().ownStore()).find(id);
  }

  @Override
  public FunctionGateway gateway() {
    return parts.gateway().client();
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
            source, credentials, parts.images().watchdog(watchdog), contract, platform, null);
    return parts.images().wrap(input, target, mountFrom, listener);
  }

  @Override
  public RunningPlatform startPlatform(int port, boolean hostNetwork) {
    return Platform.start(
        parts.settings(), parts.images().reader(), environment, port, hostNetwork);
  }

  @Override
  public List<EffectiveSetting> configuration() {
    return EffectiveSettings.of(environment, parts.settings());
  }

  @Override
  public void check(Consumer<CheckedPart> listener) {
    new PartChecks(
            parts.settings(),
            parts.chain(),
            parts::images,
            () -> parts.gateway().http().version(),
            parts::abort,
            PartChecks.LIMIT,
            listener)
        .run();
  }

  @Override
  public void doctor(boolean repair, Finding.Listener listener) {
    JobParts looked = jobs.partsOf(Origin.COMMAND_LINE);
    Doctor doctor =
        repair
            ? Doctor.repairing(
                looked,
                listener,
                parts.settings().readyTimeout(),
                new SteadyClock(),
                new SecureRandom())
            : Doctor.looking(looked, listener);
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

  /** Cuts off what a thread that was interrupted before waits for. */
  void abort(Thread thread) {
    parts.abort(thread);
  }

  @Override
  public void close() {
    parts.close();
  }
}
