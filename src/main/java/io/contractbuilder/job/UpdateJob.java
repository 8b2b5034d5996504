package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.contract.Status;
import io.contractbuilder.contract.UpdateContract;
import io.contractbuilder.image.ImageCommand;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.job.DeployedImage.WatchdogUsed;
import io.contractbuilder.openfaas.FunctionSpec;
import io.contractbuilder.openfaas.GatewayException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Updates a contract: the same steps as creating, each only as necessary. */
final class UpdateJob implements ContractFlow {
  private final UpdateContract task;
  private final UpdatePlan plan;
  private final @Nullable Watchdog watchdog;
  private final HeldParts parts;
  private final JobRun run;
  private final ContractSteps steps;
  private final JobLimits limits;

  /**
   * @param watchdog for the image, if it may have to be built; else null
   */
  UpdateJob(
      UpdateContract task,
      UpdatePlan plan,
      @Nullable Watchdog watchdog,
      HeldParts parts,
      JobRun run,
      ContractSteps steps,
      JobLimits limits) {
    this.task = task;
    this.plan = plan;
    this.watchdog = watchdog;
    this.parts = parts;
    this.run = run;
    this.steps = steps;
    this.limits = limits;
  }

  @Override
  public Contract perform() {
    run.decide(
        j -> {
          j.formerState = plan.former().status().state();
          // Who takes this back makes the scheduler hold what the former state says.
          j.scheduleTouched |= plan.isScheduleUnknown();
        });
    @Nullable FunctionSpec stored = parts.documents().functionSpec(task.id());
    @Nullable DeployedImage image = image();
    Contract contract = withImage(image);
    FunctionSpec wanted = run.take(Step.ENVIRONMENT, () -> spec(contract, image, stored));
    if (task.secrets().isEmpty()) {
      run.skip(Step.SECRETS);
    } else {
      run.make(
          Step.SECRETS,
          () -> steps.putSecrets(task.id(), task.secrets(), plan.former().existingSecrets()));
    }

    @Nullable FunctionSpec deployed = null;
    if (needsDeployment(wanted, stored)) {
      // Function and readiness.
      deployed = deploy(wanted);
    } else {
      run.skip(Step.FUNCTION);
    }

    if (run.journal().scheduleTouched || plan.changesSchedule()) {
      run.make(Step.SCHEDULE, () -> steps.schedule(contract));
    } else {
      run.skip(Step.SCHEDULE);
    }
    run.decide(this::noteObsolete);
    // Ledger, metadata, and what is obsolete now.
    return new Commit(parts, run).make(new Journal.Result(contract, deployed, image));
  }

  private FunctionSpec deploy(FunctionSpec wanted) {
    Journal.Mark before = run.journal().function;
    try {
      return steps.deployAndAwait(wanted);
    } catch (GatewayException e) {
      if (e.changedNothing()) {
        // The former version serves as it did: nothing to put back.
        run.decide(j -> j.function = before);
      }
      throw explained(e, wanted);
    }
  }

  /** What no provider says: that there is nothing to pull. */
  private RuntimeException explained(GatewayException failure, FunctionSpec wanted) {
    Digest image = plan.former().imageDigest();
    boolean former = image != null && wanted.image().equals(parts.images().reference(image));
    if (image == null || !former || mayBeThere(image)) {
      return failure;
    }
    return JobStopped.refused(
        "The contract's image "
            + wanted.image()
            + " is not there any more. Update the contract with its image given, which builds it"
            + " again. "
            + failure.getMessage());
  }

  private boolean mayBeThere(Digest image) {
    try {
      return parts.images().exists(image);
    } catch (PartFailure e) {
      // The failure that is known already says more.
      return true;
    }
  }

  /** The image that shall serve; null if it stays and nothing is known of it. */
  private @Nullable DeployedImage image() {
    DeployedImage deployed = deployed();
    steps.findLostImage(task.id(), plan.former().imageDigest());
    if (watchdog == null) {
      run.skip(Step.IMAGE);
      return deployed;
    }
    return run.take(Step.IMAGE, () -> buildIfChanged(watchdog, deployed));
  }

  /** What the journal knows of the image that the contract names. */
  private @Nullable DeployedImage deployed() {
    DeployedImage deployed = run.journal().deployed;
    return deployed != null && deployed.image().equals(plan.former().imageDigest())
        ? deployed
        : null;
  }

  private DeployedImage buildIfChanged(Watchdog chosen, @Nullable DeployedImage deployed) {
    var used = WatchdogUsed.of(setting(task, deployed), chosen);
    ImageReference source = source();
    // The watchdog alone is new: the customer's image stays the one that is deployed.
    Digest base =
        task.image() == null && deployed != null
            ? deployed.base()
            : steps.resolve(source, task.auth(), used);
    if (deployed != null
        && deployed.base().equals(base)
        && deployed.watchdog().isSameProgram(used)
        && parts.images().exists(deployed.image())) {
      return new DeployedImage(deployed.image(), base, used);
    }
    Contract wanted = plan.wanted();
    var command = new ImageCommand(wanted.cmd(), wanted.env().get("PATH"));
    return steps.build(task.id(), source, base, task.auth(), chosen, used, command);
  }

  /** The contract's own choice stays until another is made. */
  static @Nullable String setting(UpdateContract task, @Nullable DeployedImage deployed) {
    if (task.watchdog() != null) {
      return task.watchdog();
    }
    return deployed == null ? null : deployed.watchdog().setting();
  }

  private ImageReference source() {
    if (task.image() != null) {
      return task.image();
    }
    try {
      return ImageReference.parse(plan.former().image());
    } catch (IllegalArgumentException e) {
      throw JobStopped.refused(
          "The contract's image has to be built, and its stored reference cannot be used."
              + " Give the image");
    }
  }

  private Contract withImage(@Nullable DeployedImage image) {
    Contract wanted = plan.wanted();
    Status status = new Status(wanted.status().state(), wanted.status().message(), run.now());
    return new Contract(
        wanted.type(),
        wanted.id(),
        status,
        wanted.image(),
        wanted.authKeyId(),
        image == null ? wanted.imageDigest() : image.image(),
        wanted.cmd(),
        wanted.args(),
        wanted.env(),
        wanted.existingSecrets(),
        wanted.schedule(),
        wanted.executionOrder());
  }

  private FunctionSpec spec(
      Contract contract, @Nullable DeployedImage image, @Nullable FunctionSpec stored) {
    Digest digest = contract.imageDigest();
    if (digest == null) {
      throw JobStopped.refused("No image of the contract was ever built. Give the image");
    }
    return ContractFunction.spec(
        contract,
        parts.images().reference(digest),
        image == null ? storedWatchdog(stored) : image.watchdog().version(),
        image == null ? carriesAnyArgument(stored) : image.watchdog().carriesAnyArgument(),
        parts.chain());
  }

  private static String storedWatchdog(@Nullable FunctionSpec stored) {
    return stored == null ? "" : stored.labels().getOrDefault(ContractFunction.WATCHDOG_LABEL, "");
  }

  /** Of a contract that another program deployed: only what can be seen. */
  static boolean carriesAnyArgument(@Nullable FunctionSpec stored) {
    return stored != null && stored.envVars().containsKey(ContractFunction.COMMAND_LINE);
  }

  /** A running function keeps a secret's old value for a while, so new values count as a change. */
  private boolean needsDeployment(FunctionSpec wanted, @Nullable FunctionSpec stored) {
    return switch (run.journal().function) {
      case TOUCHED, READY -> true;
      case UNTOUCHED ->
          // Also where it is the same: it was gone.
          run.journal().built != null
              || (UpdatePlan.concernsFunction(task)
                  && (stored == null
                      || !task.secrets().isEmpty()
                      || !ContractFunction.sameFunction(wanted, stored)));
    };
  }

  private void noteObsolete(Journal journal) {
    Digest before = plan.former().imageDigest();
    if (before != null) {
      journal.obsoleteImages.add(before);
    }
    journal.obsoleteSecrets.addAll(plan.secretsRemoved());
  }

  /** Puts the former version back where it may be gone. */
  @Override
  public List<String> rollBack() {
    Journal journal = run.journal();
    var made = new RollBack(parts, journal, "contract-builder doctor --repair");
    Contract former = plan.former();
    if (journal.scheduleTouched) {
      made.restore("the schedule of the new version", () -> steps.applySchedule(former));
    }
    if (journal.function != Journal.Mark.UNTOUCHED) {
      made.restore("the new version of the function", this::redeployFormer);
    }
    List<String> overwritten =
        journal.secretsPut.stream().filter(former.existingSecrets()::contains).toList();
    made.removeSecrets(List.copyOf(journal.secretsMade));
    Digest built = journal.built;
    if (built != null && !built.equals(former.imageDigest())) {
      made.removeImage(built);
    }
    made.removeLostImage(former.imageDigest());
    List<String> leftovers = made.finish();
    if (!overwritten.isEmpty()) {
      leftovers.add(
          "these secrets have their new values already: "
              + overwritten
              + ". Update the contract with their former values");
    }
    return leftovers;
  }

  private void redeployFormer() {
    FunctionSpec stored = parts.documents().functionSpec(task.id());
    FunctionSpec former = stored == null ? spec(plan.former(), deployed(), null) : stored;
    parts.gateway().awaitReady(parts.gateway().deploy(former), limits.readiness());
  }

  @Override
  public Contract afterFailure(String reason) {
    return afterFailure(plan.former(), reason, run.now());
  }

  /** Of an update that did not begin: a state is believed only in the place of {@code updating}. */
  static Contract notBegun(Contract stored, UpdatePlan plan, String reason, Instant now) {
    boolean updating = stored.status().state() == ContractState.UPDATING;
    return afterFailure(updating ? plan.former() : stored, reason, now);
  }

  /** The contract as it was, but for the word of what failed. */
  private static Contract afterFailure(Contract former, String reason, Instant now) {
    return former.withStatus(
        new Status(former.status().state(), "Contract update failed: " + reason, now));
  }
}
