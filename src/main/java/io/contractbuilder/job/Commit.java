package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.ledger.LedgerTransaction;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/** The end of a create or update: ledger, metadata, and what is obsolete then. */
final class Commit {
  private final HeldParts parts;
  private final JobRun run;

  Commit(HeldParts parts, JobRun run) {
    this.parts = parts;
    this.run = run;
  }

  /** Ledgers and stores what was made; from the first on, the job only goes forward. */
  Contract make(Journal.Result result) {
    run.decide(j -> j.result = result);
    run.make(Step.LEDGER, () -> ledger(result.contract(), result.contract().imageDigest()));
    return finish(result);
  }

  void ledger(Contract contract, @Nullable Digest image) {
    parts
        .ledger()
        .append(
            new LedgerTransaction(
                run.journal().transactionId(),
                run.journal().identity(),
                run.now(),
                contract.type(),
                run.journal().action(),
                ContractFunction.commandLine(contract.cmd(), contract.args()),
                image));
  }

  private Contract finish(Journal.Result result) {
    run.journal().ledgered = true;
    run.make(
        Step.METADATA,
        () -> {
          if (result.function() != null) {
            parts.documents().saveFunctionSpec(result.contract().id(), result.function());
          }
          parts.documents().save(result.contract());
        });
    cleanUp(result.contract());
    run.decide(j -> j.finished(result.image(), run.now()));
    return result.contract();
  }

  private void cleanUp(Contract contract) {
    var images = new LinkedHashSet<>(run.journal().obsoleteImages);
    images.remove(contract.imageDigest());
    var secrets = new LinkedHashSet<>(run.journal().obsoleteSecrets);
    secrets.removeAll(contract.existingSecrets());
    if (images.isEmpty() && secrets.isEmpty()) {
      run.journal().obsoleteImages.clear();
      run.journal().obsoleteSecrets.clear();
      run.skip(Step.CLEANUP);
      return;
    }
    run.make(
        Step.CLEANUP,
        () -> {
          images.forEach(this::removeImage);
          run.journal().obsoleteImages.retainAll(images);
          secrets.forEach(name -> removeSecret(contract.id(), name));
          run.journal().obsoleteSecrets.retainAll(secrets);
        });
  }

  private void removeImage(Digest image) {
    try {
      if (parts.images().delete(image) instanceof ContractImages.Removal.NotAllowed notAllowed) {
        run.warn(notAllowed.warning());
      }
      run.journal().obsoleteImages.remove(image);
    } catch (PartFailure e) {
      warnUnlessRetryHelps("The image " + image, e);
    }
  }

  private void removeSecret(ContractId id, String name) {
    try {
      parts.gateway().deleteSecret(ContractFunction.secretName(id, name));
      run.journal().obsoleteSecrets.remove(name);
    } catch (PartFailure e) {
      warnUnlessRetryHelps("The secret " + name, e);
    }
  }

  /** What stays in the journal as obsolete is removed by the contract's next job. */
  private void warnUnlessRetryHelps(String what, PartFailure failure) {
    if (failure.retryHelps()) {
      throw failure;
    }
    run.warn(what + " is not needed any more and could not be removed: " + failure.getMessage());
  }
}
