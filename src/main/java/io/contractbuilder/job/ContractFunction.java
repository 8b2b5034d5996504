package io.contractbuilder.job;

import io.contractbuilder.contract.ArgumentRules;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FunctionSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The function that a contract becomes (chain formats, §5). */
public final class ContractFunction {
  /** Carries the whole command line as a JSON array to a watchdog that reads it. */
  static final String COMMAND_LINE = "fprocess_argv";

  static final String WATCHDOG_LABEL = "com.openfaas.fwatchdog.version";
  private static final String SCALE_LABELS = "com.openfaas.scale.";
  private static final int LABEL_LENGTH = 63;

  /** Names the chain that a function is of. */
  public static final String CHAIN_LABEL = "com.dragonchain.id";

  /** What every function has beside its contract's variables. */
  private static final Set<String> DEFAULTS =
      Set.of("read_timeout", "write_timeout", "write_debug", "combine_output");

  private ContractFunction() {}

  /** A function's variables that are its contract's, too. */
  public static Map<String, String> contractsVariables(FunctionSpec function) {
    var env = new LinkedHashMap<>(function.envVars());
    env.keySet().removeAll(DEFAULTS);
    env.keySet().removeAll(ArgumentRules.VARIABLES);
    return env;
  }

  /** The contract's own variables and those that are injected, which win. */
  static Map<String, String> environment(
      Map<String, String> own, ContractId id, TransactionType type, ChainIdentity chain) {
    var env = new LinkedHashMap<>(own);
    env.keySet().removeAll(ArgumentRules.VARIABLES);
    env.put("STAGE", chain.stage());
    env.put("INTERNAL_ID", chain.internalId());
    env.put("DRAGONCHAIN_ID", chain.dragonchainId());
    env.put("DRAGONCHAIN_ENDPOINT", chain.endpoint());
    env.put("SMART_CONTRACT_ID", id.value());
    env.put("SMART_CONTRACT_NAME", type.value());
    return env;
  }

  /**
   * The body that is sent to the gateway.
   *
   * @param image the built image's reference by digest
   * @param watchdog the watchdog's version
   * @param carriesAnyArgument whether the watchdog reads {@link #COMMAND_LINE}
   */
  static FunctionSpec spec(
      Contract contract,
      String image,
      String watchdog,
      boolean carriesAnyArgument,
      ChainIdentity chain) {
    var env = new LinkedHashMap<String, String>();
    env.put("read_timeout", "60s");
    env.put("write_timeout", "60s");
    env.put("write_debug", "true");
    env.put("combine_output", "false");
    env.putAll(environment(contract.env(), contract.id(), contract.type(), chain));
    List<String> words = words(contract.cmd(), contract.args());
    String commandLine = commandLine(contract.cmd(), contract.args());
    if (carriesAnyArgument && !isWhole(commandLine, words)) {
      var array = Json.array();
      words.forEach(array::add);
      env.put(COMMAND_LINE, Json.text(array));
    }
    return new FunctionSpec(
        contract.id().functionName(),
        image,
        commandLine,
        env,
        contract.existingSecrets().stream().map(name -> secretName(contract.id(), name)).toList(),
        labels(chain, watchdog),
        Map.of("cpu", "0.50", "memory", "600M"),
        Map.of("cpu", "0.1", "memory", "600M"));
  }

  /** The name that the gateway has for a contract's secret. */
  public static String secretName(ContractId id, String name) {
    return "sc-" + id + "-" + name.toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> labels(ChainIdentity chain, String watchdog) {
    var labels = new LinkedHashMap<String, String>();
    labels.put(SCALE_LABELS + "min", "1");
    labels.put(SCALE_LABELS + "max", "20");
    labels.put(SCALE_LABELS + "factor", "20");
    labels.put(CHAIN_LABEL, chainLabel(chain));
    labels.put(WATCHDOG_LABEL, label(watchdog));
    return labels;
  }

  /** By what a function says which chain's it is: the value of {@link #CHAIN_LABEL}. */
  public static String chainLabel(ChainIdentity chain) {
    return label(chain.internalId());
  }

  /**
   * What Kubernetes takes as a label's value: a digest, for example, has a colon and is too long.
   */
  private static String label(String value) {
    String allowed = value.replaceAll("[^A-Za-z0-9._-]", "-");
    return allowed
        .substring(0, Math.min(allowed.length(), LABEL_LENGTH))
        .replaceAll("^[._-]+|[._-]+$", "");
  }

  /** The chain's command line: joined by single spaces, each as it was given. */
  static String commandLine(String cmd, List<String> args) {
    return String.join(" ", Stream.concat(Stream.of(cmd), args.stream()).toList());
  }

  /** Its words; {@code cmd} itself may hold several, as it always could. */
  private static List<String> words(String cmd, List<String> args) {
    var words = new ArrayList<>(List.of(cmd.strip().split(" +")));
    words.addAll(args);
    return words;
  }

  /** Whether splitting the command line at single spaces gives these words, none of them empty. */
  private static boolean isWhole(String commandLine, List<String> words) {
    return !words.contains("") && List.of(commandLine.split(" ", -1)).equals(words);
  }

  /**
   * Whether two specifications are the same function. How far it may scale is left out: providers
   * lower it, and no task can change it.
   */
  static boolean sameFunction(FunctionSpec wanted, FunctionSpec stored) {
    return withoutScale(wanted).equals(withoutScale(stored));
  }

  private static FunctionSpec withoutScale(FunctionSpec spec) {
    Map<String, String> labels =
        spec.labels().entrySet().stream()
            .filter(label -> !label.getKey().startsWith(SCALE_LABELS))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return spec.withLabels(labels);
  }
}
