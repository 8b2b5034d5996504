package io.contractbuilder.doctor;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.job.Journal;
import io.contractbuilder.openfaas.FunctionSpec;
import io.contractbuilder.storage.DamagedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The contracts' documents in the storage, one contract at a time. */
final class Documents {
  private final JobParts parts;
  private final Map<String, List<TransactionType>> types = new HashMap<>();
  private final List<Finding> damagedTypes = new ArrayList<>();

  private Documents(JobParts parts) {
    this.parts = parts;
  }

  /** Reads whose the transaction types are. */
  static Documents read(JobParts parts) {
    var documents = new Documents(parts);
    ReadAhead.each(parts.documents().types(), type -> owner(parts, type), documents::add);
    return documents;
  }

  /** Whose a type is, or that it cannot be read. */
  private record Owner(TransactionType type, @Nullable String id, @Nullable Finding damaged) {}

  private static Owner owner(JobParts parts, TransactionType type) {
    try {
      return new Owner(type, parts.documents().ownerOf(type), null);
    } catch (DamagedException e) {
      return new Owner(type, null, new Unclear.DamagedType(type.value(), reason(e)));
    }
  }

  private void add(Owner owner) {
    if (owner.damaged() != null) {
      damagedTypes.add(owner.damaged());
    } else if (owner.id() != null && ContractId.isValid(owner.id())) {
      types.computeIfAbsent(owner.id(), _ -> new ArrayList<>(1)).add(owner.type());
    }
  }

  List<Finding> damagedTypes() {
    return damagedTypes;
  }

  /** The ids of all contracts of which there is any document. */
  Set<String> ids() {
    var ids = new TreeSet<>(types.keySet());
    parts.documents().ids().forEach(id -> ids.add(id.value()));
    parts.journals().ids().forEach(id -> ids.add(id.value()));
    return ids;
  }

  /** What is stored of a contract. */
  Stored of(ContractId id) {
    var damaged = new ArrayList<Finding>();
    @Nullable Contract contract = null;
    @Nullable FunctionSpec function = null;
    @Nullable Journal journal = null;
    try {
      contract = parts.documents().find(id);
    } catch (DamagedException e) {
      damaged.add(new Unclear.DamagedMetadata(id, reason(e)));
    }
    try {
      function = contract == null ? null : parts.documents().functionSpec(id);
    } catch (DamagedException e) {
      damaged.add(new Unclear.DamagedFunction(id, reason(e)));
    }
    try {
      journal = parts.journals().find(id);
    } catch (DamagedException e) {
      damaged.add(new Unclear.DamagedJournal(id.value(), reason(e)));
    }
    return new Stored(
        id, contract, function, journal, types.getOrDefault(id.value(), List.of()), damaged);
  }

  /** The same, with the types as they are by now. */
  Stored again(ContractId id) {
    List<TransactionType> before = types.getOrDefault(id.value(), List.of());
    types.put(
        id.value(),
        before.stream()
            .filter(type -> id.value().equals(parts.documents().ownerOf(type)))
            .toList());
    return of(id);
  }

  private static String reason(DamagedException e) {
    return e.part().replaceFirst("^storage ", "") + ": " + e.answer();
  }
}
