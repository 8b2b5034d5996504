package io.contractbuilder.doctor;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.job.ContractFunction;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.ledger.LedgerView;
import io.contractbuilder.openfaas.ListedFunction;
import io.contractbuilder.scheduler.RunningSchedule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the parts beside the storage hold, by contract id, each asked once. Null: it is not known.
 *
 * @param functions the images of this chain's functions
 * @param others ids of contracts whose functions are another chain's
 * @param secrets names at the gateway
 * @param tags ids of contracts that have an image
 * @param untagged images that lie there without a tag
 * @param indexed ids of contracts that the search index finds
 * @param schedules what the scheduler holds or will hold
 * @param keys ids of contracts' API keys
 * @param ledger asked for each contract
 */
record Sightings(
    @Nullable Map<String, String> functions,
    @Nullable Set<String> others,
    @Nullable Map<String, Set<String>> secrets,
    @Nullable Set<String> tags,
    Set<Digest> untagged,
    @Nullable Set<String> indexed,
    @Nullable Map<String, RunningSchedule> schedules,
    Set<String> keys,
    @Nullable LedgerView ledger) {
  private static final String FUNCTION = "contract-";
  private static final String SECRET = "sc-";
  private static final int ID_LENGTH = 36;

  /** Asks every part; one that does not answer is told of, and the others count. */
  static Sightings take(JobParts parts, Finding.Listener listener) {
    var silent = new Silence(listener);
    Map<String, String> functions = new HashMap<>();
    Set<String> others = new HashSet<>();
    boolean listed =
        silent.ask(
                "functions without a contract",
                () -> {
                  String ours = ContractFunction.chainLabel(parts.chain());
                  parts.gateway().functions().forEach(f -> sort(f, ours, functions, others));
                  return functions;
                })
            != null;
    return new Sightings(
        listed ? functions : null,
        listed ? others : null,
        silent.ask("secrets", () -> secrets(parts)),
        silent.ask("images", () -> parts.images().tags()),
        silent.askOr(Set.of(), () -> parts.images().untagged()),
        silent.ask("the search index", () -> parts.index().contracts()),
        silent.ask("schedules", () -> schedules(parts)),
        parts.keys().ids(),
        silent.ask("the ledger", () -> parts.ledger().view()));
  }

  private static void sort(
      ListedFunction function, String ours, Map<String, String> functions, Set<String> others) {
    String name = function.name();
    if (name.startsWith(FUNCTION) && ContractId.isValid(name.substring(FUNCTION.length()))) {
      String id = name.substring(FUNCTION.length());
      if (ours.equals(function.labels().get(ContractFunction.CHAIN_LABEL))) {
        functions.put(id, function.image());
      } else {
        others.add(id);
      }
    }
  }

  private static Map<String, Set<String>> secrets(JobParts parts) {
    Map<String, Set<String>> secrets = new HashMap<>();
    for (String name : parts.gateway().secretNames()) {
      int end = SECRET.length() + ID_LENGTH;
      if (name.startsWith(SECRET) && name.length() > end + 1 && name.charAt(end) == '-') {
        String id = name.substring(SECRET.length(), end);
        if (ContractId.isValid(id)) {
          secrets.computeIfAbsent(id, _ -> new TreeSet<>()).add(name);
        }
      }
    }
    return secrets;
  }

  private static Map<String, RunningSchedule> schedules(JobParts parts) {
    Map<String, RunningSchedule> schedules = new TreeMap<>();
    parts.scheduler().schedules().forEach(held -> schedules.put(held.contract(), held));
    return schedules;
  }

  /** All ids that anything was seen of. */
  Set<String> ids() {
    var ids = new TreeSet<String>();
    addAll(ids, functions == null ? null : functions.keySet());
    addAll(ids, secrets == null ? null : secrets.keySet());
    addAll(ids, tags);
    addAll(ids, indexed);
    addAll(ids, schedules == null ? null : schedules.keySet());
    ids.removeIf(id -> !ContractId.isValid(id) || isOfAnother(id));
    return ids;
  }

  private static void addAll(Set<String> ids, @Nullable Set<String> more) {
    if (more != null) {
      ids.addAll(more);
    }
  }

  /** Whether the contract is another chain's that shares gateway or registry. */
  boolean isOfAnother(String id) {
    return others != null && others.contains(id);
  }

  /** Whether what only this chain has shows that the contract is, or was, its. */
  boolean isOurs(ContractId id) {
    return (functions != null && functions.containsKey(id.value()))
        || (indexed != null && indexed.contains(id.value()))
        || (schedules != null && schedules.containsKey(id.value()));
  }

  /** Whether nobody else is known to use the gateway. */
  boolean isAlone() {
    return others != null && others.isEmpty();
  }

  /** Tells of parts that do not answer. */
  private record Silence(Finding.Listener listener) {
    <T> @Nullable T ask(String what, Supplier<@Nullable T> question) {
      try {
        return question.get();
      } catch (PartFailure e) {
        listener.passedOver(what, String.valueOf(e.getMessage()));
        return null;
      }
    }

    <T> T askOr(T otherwise, Supplier<T> question) {
      try {
        return question.get();
      } catch (PartFailure e) {
        // Told of already: the question before was to the same part.
        return otherwise;
      }
    }
  }
}
