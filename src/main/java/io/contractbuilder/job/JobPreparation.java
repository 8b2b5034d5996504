package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.UpdateContract;
import io.contractbuilder.image.Watchdog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out what a task comes to on the contract as it is, before anything is done. */
final class JobPreparation {
  private final HeldParts parts;
  private final JobRun run;
  private final ContractSteps steps;
  private final JobLimits limits;

  JobPreparation(HeldParts parts, JobRun run, ContractSteps steps, JobLimits limits) {
    this.parts = parts;
    this.run = run;
    this.steps = steps;
    this.limits = limits;
  }

  /** What can be known and refused before anything is done. */
  ContractFlow prepare(ContractTask task, @Nullable Contract stored) {
    return switch (task) {
      case CreateContract create -> prepareCreate(create, stored);
      case UpdateContract update -> prepareUpdate(update, stored);
      case DeleteContract delete -> new DeleteJob(delete, stored, parts, run);
    };
  }

  private CreateJob prepareCreate(CreateContract task, @Nullable Contract stored) {
    if (stored != null && !CreateJob.isUnmade(stored)) {
      throw JobStopped.refused(
          "Contract " + task.id() + " exists already. Update it, or delete it first");
    }
    refuseTypeOfAnother(task);
    Watchdog watchdog = parts.watchdogs().choose(task.watchdog());
    Preflight.check(task.args(), watchdog.carriesAnyArgument(), watchdog.name());
    checkProvider(task.id());
    return new CreateJob(task, watchdog, parts, run, steps);
  }

  /** The chain calls contracts by their types. */
  private void refuseTypeOfAnother(CreateContract task) {
    String owner = parts.documents().ownerOf(task.type());
    if (owner != null && ContractId.isValid(owner) && !owner.equals(task.id().value())) {
      throw JobStopped.refused(
          "The transaction type "
              + task.type()
              + " is contract "
              + owner
              + "'s. Choose another type, or delete that contract first");
    }
  }

  private UpdateJob prepareUpdate(UpdateContract task, @Nullable Contract stored) {
    if (stored == null) {
      throw JobStopped.refused("There is no contract " + task.id() + ". Create it first");
    }
    UpdatePlan plan = UpdatePlan.of(stored, run.journal().formerState, task, parts.chain());
    switch (plan.former().status().state()) {
      case ACTIVE, INACTIVE, UPDATING -> {}
      case PENDING, ERROR ->
          throw JobStopped.refused("It was never deployed. Delete it and create it again");
      case DELETING, DELETE_FAILED -> throw JobStopped.refused("It is being deleted");
    }
    DeployedImage deployed = run.journal().deployed;
    boolean mayBuild =
        task.image() != null || task.watchdog() != null || stored.imageDigest() == null;
    Watchdog watchdog =
        mayBuild ? parts.watchdogs().choose(UpdateJob.setting(task, deployed)) : null;
    boolean sameCommand = watchdog == null && task.cmd() == null && task.args() == null;
    Preflight.check(
        sameCommand ? List.of() : plan.wanted().args(),
        watchdog == null ? carriesAnyArgument(task, deployed) : watchdog.carriesAnyArgument(),
        watchdog == null ? "that is deployed" : watchdog.name());
    if (watchdog != null) {
      checkProvider(task.id());
    }
    return new UpdateJob(task, plan, watchdog, parts, run, steps, limits);
  }

  /** Before an image is built that nobody takes. */
  private void checkProvider(ContractId id) {
    parts.gateway().checkTakes(id.functionName(), () -> parts.images().isReadableByAll(id));
  }

  private boolean carriesAnyArgument(UpdateContract task, @Nullable DeployedImage deployed) {
    return deployed == null
        ? UpdateJob.carriesAnyArgument(parts.documents().functionSpec(task.id()))
        : deployed.watchdog().carriesAnyArgument();
  }
}
