package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractDocument;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.contract.Violation;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FunctionSpec;
import io.contractbuilder.openfaas.FunctionSpecs;
import io.contractbuilder.storage.DamagedException;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The contracts' documents in the chain's storage (chain formats, §3 and §4). All throw {@link
 * StorageException}.
 */
public final class ContractDocuments {
  private static final String CONTRACTS = "SMARTCONTRACT/";
  private static final String TYPES = "TRANSACTION_TYPES/TYPES/";
  private static final String METADATA = "/metadata.json";

  private final ObjectStore store;

  public ContractDocuments(ObjectStore store) {
    this.store = store;
  }

  /** The contract; null if there is none. */
  public @Nullable Contract find(ContractId id) {
    byte[] document = store.get(metadata(id));
    if (document == null) {
      return null;
    }
    Contract contract = readable(metadata(id), () -> ContractDocument.read(document));
    if (!contract.id().equals(id)) {
      throw damaged(metadata(id), "it is damaged (it is of contract " + contract.id() + ")", null);
    }
    return contract;
  }

  /**
   * Every contract, by id.
   *
   * @param damaged is told of those that cannot be read
   */
  public List<Contract> all(Consumer<DamagedException> damaged) {
    var contracts = new ArrayList<Contract>();
    for (ContractId id : ids()) {
      try {
        Contract contract = find(id);
        if (contract != null) {
          contracts.add(contract);
        }
      } catch (DamagedException e) {
        damaged.accept(e);
      }
    }
    return contracts;
  }

  /** The ids of all contracts of which anything is stored, sorted. */
  public List<ContractId> ids() {
    return store.children(CONTRACTS).stream()
        .filter(ContractId::isValid)
        .map(ContractId::new)
        .toList();
  }

  /** How many objects of the contract there are (heap, function), without its metadata. */
  public int countData(ContractId id) {
    return data(id).size();
  }

  /** Stores the contract, whatever was there. */
  public void save(Contract contract) {
    store.put(metadata(contract.id()), ContractDocument.write(contract));
  }

  /** The function as it was deployed last; null if none was. */
  public @Nullable FunctionSpec functionSpec(ContractId id) {
    byte[] document = store.get(spec(id));
    return document == null
        ? null
        : readable(spec(id), () -> FunctionSpecs.fromJson(Json.read(document)));
  }

  /** Stores the function as it was deployed. */
  public void saveFunctionSpec(ContractId id, FunctionSpec spec) {
    store.put(spec(id), Json.write(FunctionSpecs.toJson(spec)));
  }

  /** Removes everything of the contract (heap, function) but its metadata. */
  public void removeData(ContractId id) {
    store.deleteAll(data(id));
  }

  private List<String> data(ContractId id) {
    return store.list(CONTRACTS + id + "/").stream()
        .filter(key -> !key.equals(metadata(id)))
        .toList();
  }

  /** Removes the contract's metadata. */
  public void removeMetadata(ContractId id) {
    store.delete(metadata(id));
  }

  /** Whether the transaction type is known, and another's than this contract's. */
  public boolean isTypeOfAnother(TransactionType type, ContractId id) {
    String owner = ownerOf(type);
    return owner != null && !owner.equals(id.value());
  }

  /** Removes the transaction type, if it is this contract's. */
  public void removeType(TransactionType type, ContractId id) {
    if (id.value().equals(ownerOf(type))) {
      store.delete(key(type));
    }
  }

  /** All transaction types that have a contract's form of name, also those of no contract. */
  public List<TransactionType> types() {
    return store.children(TYPES).stream()
        .filter(TransactionType::isValid)
        .map(TransactionType::new)
        .toList();
  }

  /**
   * What the type says of the contract that it was made for: an id, if it was made for any; null if
   * there is no such type.
   */
  public @Nullable String ownerOf(TransactionType type) {
    byte[] document = store.get(key(type));
    return document == null
        ? null
        : readable(key(type), () -> Json.read(document)).path("contract_id").asText();
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T readable(String key, Reading<T> reading) {
    try {
      return reading.read();
    } catch (InvalidInput e) {
      String wrong =
          e.violations().stream().map(Violation::toString).collect(Collectors.joining("; "));
      throw damaged(key, "it is damaged (" + wrong + ")", e);
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(key, "it is damaged", e);
    }
  }

  private static DamagedException damaged(String key, String answer, @Nullable Exception cause) {
    return new DamagedException(
        key,
        "read the document",
        answer,
        "Look at it, and at what wrote it; contract-builder doctor says more",
        cause);
  }

  private static String key(TransactionType type) {
    return TYPES + type;
  }

  private static String metadata(ContractId id) {
    return CONTRACTS + id + METADATA;
  }

  private static String spec(ContractId id) {
    return CONTRACTS + id + "/faas_spec.json";
  }
}
