package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.image.BuildRequest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.ImageCommand;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.job.DeployedImage.WatchdogUsed;
import io.contractbuilder.keys.ApiKey;
import io.contractbuilder.openfaas.Deployment;
import io.contractbuilder.openfaas.FunctionSpec;
import io.contractbuilder.openfaas.FunctionStatus;
import io.contractbuilder.scheduler.ScheduledContract;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The effects that create and update share; each makes something so and may be repeated. */
final class ContractSteps {
  private final HeldParts parts;
  private final JobRun run;
  private final JobLimits limits;
  private final RandomGenerator random;

  ContractSteps(HeldParts parts, JobRun run, JobLimits limits, RandomGenerator random) {
    this.parts = parts;
    this.run = run;
    this.limits = limits;
    this.random = random;
  }

  /** The customer's image as it is now; a resumed job stays with what it saw first. */
  Digest resolve(ImageReference source, @Nullable RegistryCredentials auth, WatchdogUsed watchdog) {
    Journal journal = run.journal();
    WatchdogUsed before = journal.watchdog;
    if (journal.base != null && before != null && before.isSameProgram(watchdog)) {
      return journal.base;
    }
    Digest base = parts.images().resolve(source, auth);
    run.decide(
        j -> {
          if (j.built != null) {
            j.obsoleteImages.add(j.built);
          }
          j.built = null;
          j.base = base;
          j.watchdog = watchdog;
        });
    return base;
  }

  /**
   * Finds an image that an earlier job pushed and did not write down; before the next build, which
   * takes its tag.
   */
  void findLostImage(ContractId id, @Nullable Digest serving) {
    if (run.journal().imageLost) {
      Digest lost = parts.images().tagged(id);
      run.decide(
          j -> {
            j.imageLost = false;
            if (lost != null && !lost.equals(serving)) {
              j.obsoleteImages.add(lost);
            }
          });
    }
  }

  /** Builds and pushes the contract's image from the source as it was resolved. */
  DeployedImage build(
      ContractId id,
      ImageReference source,
      Digest base,
      @Nullable RegistryCredentials auth,
      Watchdog watchdog,
      WatchdogUsed used,
      ImageCommand command) {
    Digest built = run.journal().built;
    if (built == null || !parts.images().exists(built)) {
      BuiltImage image =
          parts
              .images()
              .build(
                  new BuildRequest(id, pinned(source, base), auth, watchdog, command), copying());
      run.listener().built(image);
      image.warnings().forEach(run::warn);
      built = image.digest();
      run.decide(j -> j.built = image.digest());
    }
    return new DeployedImage(built, base, used);
  }

  /** Many layers may have been copied since the contract was ours. */
  private CopyListener copying() {
    return new CopyListener() {
      @Override
      public void copied(Digest blob, long done, long size) {
        run.listener().copied(blob, done, size);
      }

      @Override
      public void beforeManifest() {
        parts.check();
      }
    };
  }

  /** By its digest, so that a tag that moves meanwhile changes nothing. */
  private static ImageReference pinned(ImageReference source, Digest base) {
    return switch (source) {
      case ImageReference.InRegistry at ->
          new ImageReference.InRegistry(at.host(), at.repository(), at.tag(), base);
      case ImageReference.InLayout in -> new ImageReference.InLayout(in.folder(), in.tag(), base);
      case ImageReference.InArchive archive -> archive;
    };
  }

  /** The contract's API key; made if it is not there yet. */
  ApiKey saveKey() {
    String id = run.journal().apiKeyId;
    if (id == null) {
      String decided = ApiKey.newId(random);
      run.decide(j -> j.apiKeyId = decided);
      id = decided;
    }
    ApiKey key = parts.keys().find(id);
    if (key == null) {
      key = ApiKey.generate(id, random, run.now());
      parts.keys().save(key);
    }
    return key;
  }

  /**
   * Deploys secrets.
   *
   * @param existing names that the contract had before
   */
  void putSecrets(ContractId id, Map<SecretName, Secret> secrets, List<String> existing) {
    List<String> names = secrets.keySet().stream().map(SecretName::value).toList();
    run.decide(
        j -> {
          j.secretsPut.addAll(names);
          names.stream().filter(name -> !existing.contains(name)).forEach(j.secretsMade::add);
        });
    secrets.forEach((name, value) -> parts.gateway().putSecret(id.secretName(name), value));
  }

  /** Function, then readiness; answers what the gateway took. */
  FunctionSpec deployAndAwait(FunctionSpec wanted) {
    FunctionSpec ready = run.journal().ready;
    if (ready != null && serves(ready)) {
      run.skip(Step.FUNCTION);
      return ready;
    }
    Deployment function = run.take(Step.FUNCTION, () -> deploy(wanted));
    run.make(Step.READINESS, () -> awaitReady(function));
    return function.spec();
  }

  private boolean serves(FunctionSpec spec) {
    FunctionStatus status = parts.gateway().function(spec.service());
    return status != null && status.image().equals(spec.image());
  }

  private Deployment deploy(FunctionSpec spec) {
    run.decide(
        j -> {
          j.function = Journal.Mark.TOUCHED;
          j.ready = null;
        });
    Deployment deployment = parts.gateway().deploy(spec);
    deployment.warnings().forEach(run::warn);
    return deployment;
  }

  private void awaitReady(Deployment deployment) {
    parts.gateway().awaitReady(deployment, limits.readiness());
    run.decide(
        j -> {
          j.function = Journal.Mark.READY;
          j.ready = deployment.spec();
        });
  }

  /** Whether the contract is to be invoked by its schedule. */
  static boolean isScheduled(Contract contract) {
    return contract.schedule() != null && contract.status().state() == ContractState.ACTIVE;
  }

  /** Makes the scheduler hold what the contract wants of it. */
  void schedule(Contract contract) {
    run.decide(j -> j.scheduleTouched = true);
    if (contract.schedule() != null && contract.schedule().next(run.now()) == null) {
      run.warn("The schedule names a date that never comes: the contract is never invoked by it");
    }
    if (isScheduled(contract)) {
      applySchedule(contract);
    } else {
      parts
          .scheduler()
          .disable(
              contract.id(),
              contract.type(),
              contract.executionOrder(),
              run.journal().transactionId());
    }
  }

  /** Makes the scheduler hold what a contract wants that no task is about. */
  void applySchedule(Contract contract) {
    if (contract.schedule() != null && isScheduled(contract)) {
      parts
          .scheduler()
          .schedule(
              new ScheduledContract(
                  contract.id(), contract.type(), contract.executionOrder(), contract.schedule()));
    } else {
      parts.scheduler().unschedule(contract.id(), contract.type(), contract.executionOrder());
    }
  }
}
