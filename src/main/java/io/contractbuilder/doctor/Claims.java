package io.contractbuilder.doctor;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.TransactionType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What contracts and jobs say is theirs. */
final class Claims {
  final Set<String> keys = new HashSet<>();
  final Set<Digest> images = new HashSet<>();

  /** Whether every document could be read. */
  boolean complete = true;

  private final Map<TransactionType, ContractId> types = new HashMap<>();
  private final Map<TransactionType, List<ContractId>> shared = new HashMap<>();

  void add(Stored stored) {
    complete &= stored.isReadable();
    Contract contract = stored.contract();
    if (contract != null) {
      add(keys, contract.authKeyId());
      add(images, contract.imageDigest());
      ContractId first = types.putIfAbsent(contract.type(), contract.id());
      if (first != null) {
        shared
            .computeIfAbsent(contract.type(), _ -> new ArrayList<>(List.of(first)))
            .add(contract.id());
      }
    }
    if (stored.journal() != null) {
      add(keys, stored.journal().apiKeyId());
      images.addAll(stored.journal().images());
    }
  }

  private static <T> void add(Set<T> claims, @Nullable T claim) {
    if (claim != null) {
      claims.add(claim);
    }
  }

  List<Finding> sharedTypes() {
    return shared.entrySet().stream()
        .<Finding>map(type -> new Unclear.SharedType(type.getKey(), type.getValue()))
        .toList();
  }
}
