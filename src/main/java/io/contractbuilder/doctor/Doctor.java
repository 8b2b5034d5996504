package io.contractbuilder.doctor;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.doctor.Finding.Cure;
import io.contractbuilder.doctor.Finding.End;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.storage.ContractLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks through all contracts. First what the parts hold is listed, then each contract's documents
 * are read: whatever a job made before the lists were taken, its journal names by then. Contracts
 * that something is amiss with are looked at again while nobody else can work on them; only what is
 * so then is told and repaired.
 */
public final class Doctor {
  /** How many contracts are looked at again at once: the lists are taken for each such lot. */
  private static final int LOT = 20;

  private final JobParts parts;
  private final Finding.Listener listener;
  private final @Nullable Repairs repairs;

  /**
   * @param repairs null: nothing is changed
   */
  Doctor(JobParts parts, Finding.Listener listener, @Nullable Repairs repairs) {
    this.parts = parts;
    this.listener = listener;
    this.repairs = repairs;
  }

  /** Only looks. */
  public static Doctor looking(JobParts parts, Finding.Listener listener) {
    return new Doctor(parts, listener, null);
  }

  /**
   * Repairs what can be repaired without a guess.
   *
   * @param random must be a {@link java.security.SecureRandom} outside tests
   * @param readiness how long a function may take that is deployed again
   */
  public static Doctor repairing(
      JobParts parts,
      Finding.Listener listener,
      Duration readiness,
      java.time.InstantSource clock,
      java.util.random.RandomGenerator random) {
    return new Doctor(parts, listener, new Repairs(parts, readiness, clock, random));
  }

  /**
   * Looks through everything.
   *
   * @throws PartFailure if the storage does not answer: without it nothing can be said
   */
  public void run() {
    Sightings seen = Sightings.take(parts, listener);
    Documents documents = Documents.read(parts);
    Set<String> ids = documents.ids();
    boolean storageKnown = !ids.isEmpty();
    ids.addAll(seen.ids());
    var claims = new Claims();
    Set<ContractId> suspects = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
    var examination = new Examination(parts, seen, storageKnown);
    ReadAhead.each(
        ids,
        id -> documents.of(new ContractId(id)),
        stored -> {
          claims.add(stored);
          if (!seen.isOfAnother(stored.id().value()) && !examine(examination, stored).isEmpty()) {
            suspects.add(stored.id());
          }
        });
    documents.damagedTypes().forEach(finding -> tell(finding, null));
    claims.sharedTypes().forEach(finding -> tell(finding, null));
    lookAgain(List.copyOf(suspects), documents, storageKnown);
    unclaimed(seen, claims, storageKnown);
  }

  /** A part that does not answer to a question about one contract: the others count. */
  private List<Finding> examine(Examination examination, Stored stored) {
    try {
      return examination.of(stored);
    } catch (PartFailure e) {
      listener.passedOver("contract " + stored.id(), String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private void lookAgain(List<ContractId> suspects, Documents documents, boolean storageKnown) {
    for (int from = 0; from < suspects.size(); from += LOT) {
      var held = new ArrayList<ContractLock.Held>();
      try {
        List<ContractId> ours = new ArrayList<>();
        for (ContractId id : suspects.subList(from, Math.min(suspects.size(), from + LOT))) {
          ContractLock.Held lock = acquire(id);
          if (lock == null) {
            listener.passedOver(
                "contract " + id, "A job works on it. Look again when it has ended");
          } else {
            held.add(lock);
            ours.add(id);
          }
        }
        settle(ours, documents, storageKnown);
      } finally {
        held.forEach(ContractLock.Held::close);
      }
    }
  }

  private ContractLock.@Nullable Held acquire(ContractId id) {
    try {
      return parts.lock().acquire(id, Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private void settle(List<ContractId> ours, Documents documents, boolean storageKnown) {
    if (ours.isEmpty()) {
      return;
    }
    Sightings seen = Sightings.take(parts, new Told(listener));
    var examination = new Examination(parts, seen, storageKnown);
    for (ContractId id : ours) {
      for (Finding finding : examine(examination, documents.again(id))) {
        tell(finding, repairs);
      }
    }
  }

  /** What belongs to no contract. */
  private void unclaimed(Sightings seen, Claims claims, boolean storageKnown) {
    Set<String> keys = new TreeSet<>(seen.keys());
    keys.removeAll(claims.keys);
    keys.forEach(key -> tell(new Leftover.LeftKey(key, claims.complete && storageKnown), repairs));
    Set<Digest> images = new HashSet<>(seen.untagged());
    images.removeAll(claims.images);
    for (Digest image : images) {
      // Only a place that nobody shares can tell of these.
      boolean certain = claims.complete && storageKnown;
      tell(new Leftover.LeftImage(image.value(), image, certain), repairs);
    }
    if (seen.schedules() != null) {
      seen.schedules().keySet().stream()
          .filter(id -> !ContractId.isValid(id))
          .forEach(id -> tell(new Leftover.BadSchedule(id), null));
    }
  }

  private void tell(Finding finding, @Nullable Repairs by) {
    switch (finding.cure()) {
      case Cure.Repair _ when by != null -> repair(finding, by);
      case Cure.Repair _, Cure.ByHand _ -> listener.found(finding, End.LEFT, null);
    }
  }

  private void repair(Finding finding, Repairs by) {
    String why;
    try {
      why = by.repair(finding);
    } catch (PartFailure e) {
      why = String.valueOf(e.getMessage());
    }
    listener.found(finding, why == null ? End.REPAIRED : End.FAILED, why);
  }

  /** Parts that do not answer were told of already. */
  private record Told(Finding.Listener listener) implements Finding.Listener {
    @Override
    public void found(Finding finding, End end, @Nullable String answer) {
      listener.found(finding, end, answer);
    }

    @Override
    public void passedOver(String what, String why) {}
  }
}
