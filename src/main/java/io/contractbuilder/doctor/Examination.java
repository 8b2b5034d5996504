package io.contractbuilder.doctor;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.job.Journal;
import io.contractbuilder.scheduler.RunningSchedule;
import io.contractbuilder.scheduler.ScheduledContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Compares what is stored of one contract with what the other parts hold of it. */
final class Examination {
  private final JobParts parts;
  private final Sightings seen;
  private final boolean storageKnown;

  /**
   * @param storageKnown whether the storage holds anything of any contract; where it does not, it
   *     may be the wrong one
   */
  Examination(JobParts parts, Sightings seen, boolean storageKnown) {
    this.parts = parts;
    this.seen = seen;
    this.storageKnown = storageKnown;
  }

  /** All that is to be said of it. */
  List<Finding> of(Stored stored) {
    if (!stored.isReadable()) {
      return stored.damaged();
    }
    if (stored.isUnfinished() && stored.journal() != null) {
      return List.of(
          new Unclear.UnfinishedJob(
              stored.id(), stored.journal().type(), stored.journal().action()));
    }
    Contract contract = stored.contract();
    if (contract == null) {
      return withoutContract(stored);
    }
    return switch (contract.status().state()) {
      case PENDING, UPDATING, DELETING, DELETE_FAILED ->
          List.of(new Unclear.Stuck(stored.id(), contract.status().state()));
      // It says itself that it failed; whatever is left of it goes with it.
      case ERROR -> schedule(contract);
      case ACTIVE, INACTIVE -> deployed(stored, contract);
    };
  }

  private List<Finding> deployed(Stored stored, Contract contract) {
    var findings = new ArrayList<Finding>(type(stored, contract));
    findings.addAll(schedule(contract));
    // First what a function needs that is deployed again.
    findings.addAll(new KeyExamination(parts, seen).of(contract));
    findings.addAll(new FunctionExamination(parts, seen).of(stored, contract));
    findings.addAll(ledgered(stored));
    return findings;
  }

  private List<Finding> ledgered(Stored stored) {
    Journal journal = stored.journal();
    if (seen.ledger() == null
        || journal == null
        || journal.state() != Journal.State.DONE
        || journal.ended() == null
        || !seen.ledger().lacks(journal.transactionId(), journal.identity(), journal.ended())) {
      return List.of();
    }
    return List.of(new Unclear.NotLedgered(stored.id(), journal.action(), journal.transactionId()));
  }

  private List<Finding> type(Stored stored, Contract contract) {
    var findings = new ArrayList<Finding>();
    if (seen.indexed() == null) {
      return findings;
    }
    if (!seen.indexed().contains(contract.id().value())) {
      findings.add(new Missing.NotIndexed(contract.id(), contract.type()));
    }
    if (!stored.registered().contains(contract.type())) {
      String owner = parts.documents().ownerOf(contract.type());
      findings.add(
          new Unclear.NotItsType(contract.id(), contract.type(), owner == null ? "" : owner));
    }
    return findings;
  }

  private List<Finding> schedule(Contract contract) {
    if (seen.schedules() == null) {
      return List.of();
    }
    ContractId id = contract.id();
    RunningSchedule held = seen.schedules().get(id.value());
    boolean wanted =
        contract.schedule() != null
            && switch (contract.status().state()) {
              case ACTIVE -> true;
              case PENDING, INACTIVE, ERROR, UPDATING, DELETING, DELETE_FAILED -> false;
            };
    if (!wanted || contract.schedule() == null) {
      return held == null
          ? List.of()
          : List.of(
              new Leftover.LeftSchedule(id, contract.type(), contract.executionOrder(), true));
    }
    var schedule =
        new ScheduledContract(id, contract.type(), contract.executionOrder(), contract.schedule());
    if (held == null || !schedule.equals(held.schedule())) {
      return List.of(new Missing.NotScheduled(contract, held != null));
    }
    return List.of();
  }

  private List<Finding> withoutContract(Stored stored) {
    if (!stored.isDeleted() && !stored.registered().isEmpty()) {
      // What there is of it is its create's to take up, or its delete's.
      return stored.registered().stream()
          .<Finding>map(type -> new Unclear.NeverStored(stored.id(), type))
          .toList();
    }
    ContractId id = stored.id();
    boolean ours = storageKnown && (stored.isDeleted() || seen.isOurs(id));
    var findings = new ArrayList<Finding>();
    if (seen.functions() != null && seen.functions().containsKey(id.value())) {
      findings.add(new Leftover.LeftFunction(id, storageKnown));
    }
    if (seen.secrets() != null) {
      for (String name : seen.secrets().getOrDefault(id.value(), Set.of())) {
        findings.add(
            new Leftover.LeftSecret(id, name, false, ours || (storageKnown && seen.isAlone())));
      }
    }
    if (seen.tags() != null && seen.tags().contains(id.value())) {
      var image = parts.images().tagged(id);
      if (image != null) {
        findings.add(
            new Leftover.LeftImage(id.value(), image, ours || (storageKnown && isOwnPlace(image))));
      }
    }
    findings.addAll(chainsOwn(stored, id));
    int objects = parts.documents().countData(id);
    if (objects > 0) {
      findings.add(new Unclear.DataOnly(id, objects));
    }
    return findings;
  }

  /** A layout is this program's alone; several chains may share a registry. */
  private boolean isOwnPlace(Digest image) {
    return parts.images().reference(image).startsWith(ContractImages.LOCAL_HOST + "/");
  }

  private List<Finding> chainsOwn(Stored stored, ContractId id) {
    var findings = new ArrayList<Finding>();
    RunningSchedule held = seen.schedules() == null ? null : seen.schedules().get(id.value());
    if (held != null) {
      ScheduledContract running = held.schedule();
      findings.add(
          running == null
              ? new Leftover.BadSchedule(id.value())
              : new Leftover.LeftSchedule(id, running.type(), running.executionOrder(), false));
    }
    for (TransactionType type : stored.registered()) {
      findings.add(new Leftover.LeftType(id, type));
    }
    // A type's removal takes the document with it.
    if (findings.stream().noneMatch(Leftover.LeftType.class::isInstance)
        && seen.indexed() != null
        && seen.indexed().contains(id.value())) {
      findings.add(new Leftover.LeftDocument(id));
    }
    return findings;
  }
}
