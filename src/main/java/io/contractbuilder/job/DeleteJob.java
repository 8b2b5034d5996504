package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.contract.Status;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.ledger.LedgerTransaction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a contract: everything that is known to be its, from the stored contract, the task, the
 * journal and the gateway. What cannot be removed keeps the contract, in {@code delete failed}.
 */
final class DeleteJob implements ContractFlow {
  private final DeleteContract task;
  private final @Nullable Contract stored;
  private final HeldParts parts;
  private final JobRun run;
  private final List<RuntimeException> failures = new ArrayList<>();

  DeleteJob(DeleteContract task, @Nullable Contract stored, HeldParts parts, JobRun run) {
    this.task = task;
    this.stored = stored;
    this.parts = parts;
    this.run = run;
  }

  @Override
  public @Nullable Contract perform() {
    run.decide(this::noteWhatIsKnown);
    if (stored != null && stored.status().state() != ContractState.DELETING) {
      parts.documents().save(withState(stored, ContractState.DELETING, ""));
    }
    ContractId id = task.id();
    remove(Step.SCHEDULE, () -> parts.scheduler().unschedule(id, task.type(), executionOrder()));
    removeSecrets();
    remove(Step.FUNCTION, () -> parts.gateway().deleteFunction(id.functionName()));
    removeImages();
    remove(Step.HEAP, () -> parts.documents().removeData(id));
    if (failures.isEmpty()) {
      // Until then the chain lists it, and its type is not free.
      remove(Step.INDEX, this::removeFromIndex);
      remove(Step.TYPE, () -> parts.documents().removeType(task.type(), id));
    }
    removeKeys();
    if (!failures.isEmpty()) {
      throw JobStopped.incomplete(failures);
    }
    run.make(Step.LEDGER, this::ledger);
    // Last, so that a contract of which anything is left can still be found.
    run.make(Step.METADATA, () -> parts.documents().removeMetadata(id));
    run.decide(j -> j.finished(null, run.now()));
    return null;
  }

  private void noteWhatIsKnown(Journal journal) {
    if (task.imageDigest() != null) {
      journal.obsoleteImages.add(task.imageDigest());
    }
    task.existingSecrets().forEach(name -> journal.obsoleteSecrets.add(name.value()));
    if (stored != null) {
      if (stored.imageDigest() != null) {
        journal.obsoleteImages.add(stored.imageDigest());
      }
      journal.obsoleteSecrets.addAll(stored.existingSecrets());
    }
    if (journal.deployed != null) {
      journal.obsoleteImages.add(journal.deployed.image());
    }
    journal.obsoleteSecrets.add(SecretName.SECRET_KEY.value());
    journal.obsoleteSecrets.add(SecretName.AUTH_KEY_ID.value());
  }

  private void remove(Step step, Runnable effect) {
    failures.addAll(run.makeAll(step, List.of(effect)));
  }

  /** A type of this name may have been made for another contract since: its index stays then. */
  private void removeFromIndex() {
    boolean ours = !parts.documents().isTypeOfAnother(task.type(), task.id());
    parts.index().remove(task.id(), ours ? task.type() : null);
  }

  private void removeSecrets() {
    failures.addAll(run.makeAll(Step.SECRETS, secretRemovals()));
  }

  private List<Runnable> secretRemovals() {
    Set<String> names = new LinkedHashSet<>();
    run.journal()
        .obsoleteSecrets
        .forEach(name -> names.add(ContractFunction.secretName(task.id(), name)));
    var removals = new ArrayList<Runnable>(List.of(this::noteLostImage));
    var removed = new LinkedHashSet<String>();
    for (String name : names) {
      removals.add(
          () -> {
            parts.gateway().deleteSecret(name);
            removed.add(name);
          });
    }
    removals.add(() -> removeListedSecrets(names, removed));
    return removals;
  }

  /** What deployed a function, and stored nothing of it, has pushed an image, too. */
  private void noteLostImage() {
    if (run.journal().obsoleteImages.isEmpty()
        && !run.journal().imageLost
        && parts.gateway().function(task.id().functionName()) != null) {
      run.decide(journal -> journal.imageLost = true);
    }
  }

  /** Those that only the gateway knows of; and what it said of the others has to be true. */
  private void removeListedSecrets(Set<String> names, Set<String> removed) {
    List<String> listed =
        parts.gateway().secretNames().stream()
            .filter(name -> name.startsWith(ContractFunction.secretName(task.id(), "")))
            .toList();
    listed.stream().filter(name -> !names.contains(name)).forEach(parts.gateway()::deleteSecret);
    removed.retainAll(listed);
    if (!removed.isEmpty()) {
      throw JobStopped.untrue(
          "The gateway says that it removed these secrets, and still lists them: "
              + String.join(", ", removed)
              + ". Check that FAAS_GATEWAY is an OpenFaaS gateway, and what stands before it");
    }
  }

  private void removeImages() {
    var removals = new ArrayList<Runnable>();
    if (run.journal().imageLost) {
      removals.add(this::removeTagged);
    }
    for (Digest image : run.journal().obsoleteImages) {
      removals.add(() -> removeImage(image));
    }
    if (removals.isEmpty()) {
      run.skip(Step.IMAGE);
    } else {
      failures.addAll(run.makeAll(Step.IMAGE, removals));
    }
  }

  private void removeTagged() {
    Digest lost = parts.images().tagged(task.id());
    if (lost != null) {
      removeImage(lost);
    }
  }

  private void removeImage(Digest image) {
    if (parts.images().delete(image) instanceof ContractImages.Removal.NotAllowed notAllowed) {
      run.warn(notAllowed.warning());
    }
  }

  private void removeKeys() {
    Set<String> ids = new LinkedHashSet<>();
    addIfKnown(ids, task.authKeyId());
    addIfKnown(ids, stored == null ? null : stored.authKeyId());
    addIfKnown(ids, run.journal().apiKeyId);
    if (ids.isEmpty()) {
      run.skip(Step.KEY);
      return;
    }
    failures.addAll(
        run.makeAll(
            Step.KEY, ids.stream().<Runnable>map(id -> () -> parts.keys().delete(id)).toList()));
  }

  private static void addIfKnown(Set<String> ids, @Nullable String id) {
    if (id != null) {
      ids.add(id);
    }
  }

  private ExecutionOrder executionOrder() {
    return stored == null ? ExecutionOrder.SERIAL : stored.executionOrder();
  }

  private void ledger() {
    parts
        .ledger()
        .append(
            new LedgerTransaction(
                run.journal().transactionId(),
                run.journal().identity(),
                run.now(),
                task.type(),
                task.action(),
                stored == null
                    ? String.join(" ", task.command())
                    : ContractFunction.commandLine(stored.cmd(), stored.args()),
                stored == null ? task.imageDigest() : stored.imageDigest()));
    run.journal().ledgered = true;
  }

  /** Nothing is put back: the next run goes on. */
  @Override
  public List<String> rollBack() {
    return List.of();
  }

  @Override
  public @Nullable Contract afterFailure(String reason) {
    return stored == null
        ? null
        : withState(stored, ContractState.DELETE_FAILED, "Deletion failed: " + reason);
  }

  private Contract withState(Contract contract, ContractState state, String message) {
    return contract.withStatus(new Status(state, message, run.now()));
  }
}
